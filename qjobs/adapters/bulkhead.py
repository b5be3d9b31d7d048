"""A bulkhead: blocking calls in threads of their own, a few per target.

The quantum SDK blocks. If its calls shared threads, a target that does not answer would keep those
of every other target waiting.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from qjobs.adapters.circuit_breaker import CircuitBreaker
from qjobs.domain.errors import ProviderUnavailableError

_SILENT = "The target does not respond."
_BUSY = 2.0
"""Retry-After of a call that finds no place."""


class _Lane:
    """The threads of one target, its circuit breaker, and the pace of its calls."""

    def __init__(self, name: str, places: int, now: Callable[[], float]) -> None:
        self.threads = ThreadPoolExecutor(places, thread_name_prefix=f"target {name}")
        self.places = asyncio.Semaphore(places)
        self.breaker = CircuitBreaker(now=now)
        self.ended = 0
        """Calls that ended, well or not."""
        self.stuck_since = -1
        """What `ended` was when a call waited in vain: until another ends, none has to wait."""

    def start[R](self, function: Callable[[], R]) -> asyncio.Future[R]:
        """Start a call in a place that was taken."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self.threads, lambda: context.run(function))

    def end(self, call: asyncio.Future[Any]) -> None:
        """Free the place of a call whose thread has ended."""
        self.ended += 1
        self.places.release()
        if not call.cancelled():
            call.exception()  # retrieved, so that asyncio does not log it


@dataclass
class Bulkhead:
    """Runs calls per target: some at a time, none for long, and none where the breaker is open."""

    places: int = 4
    """Calls at one target at a time."""
    patience: float = 2.0
    """Seconds that a call waits for a place while no other call at its target ends."""
    longest: float = 20.0
    """Seconds for which a call is waited for. Its thread, and so its place, is free only when the
    client gives up as well."""
    now: Callable[[], float] = time.monotonic
    _lanes: dict[str, _Lane] = field(default_factory=dict)

    async def run[R](self, target: str, function: Callable[[], R]) -> R:
        """Run *function* in a thread of its target, and return its result.

        Raises:
            ProviderUnavailableError: the target does not answer, or has not answered others; or
                the function raised it.

        """
        if target not in self._lanes:
            self._lanes[target] = _Lane(target, self.places, self.now)
        lane = self._lanes[target]
        lane.breaker.check()
        await self._take_place(lane)
        call: asyncio.Future[R] | None = None
        try:
            with lane.breaker.call():
                call = lane.start(function)
                done, _ = await asyncio.wait({call}, timeout=self.longest)
                if not done:
                    raise ProviderUnavailableError(_SILENT)
                return call.result()
        finally:
            # Only now: the next in line has to see what the breaker has learned.
            if call is None:
                lane.places.release()
            elif call.done():
                lane.end(call)
            else:
                call.add_done_callback(lane.end)

    async def _take_place(self, lane: _Lane) -> None:
        if lane.places.locked() and lane.stuck_since == lane.ended:
            raise ProviderUnavailableError(_SILENT, _BUSY, called=False)
        while True:
            ended = lane.ended
            try:
                async with asyncio.timeout(self.patience):
                    await lane.places.acquire()
            except TimeoutError:
                if lane.ended == ended:
                    lane.stuck_since = ended
                    raise ProviderUnavailableError(_SILENT, _BUSY, called=False) from None
            else:
                return
