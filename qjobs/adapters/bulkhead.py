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
from functools import partial
from typing import Any

from qjobs.adapters.circuit_breaker import CircuitBreaker
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.services.places import Places, Turn, current_owner

_SILENT = "The target does not respond."
_BUSY = 2.0
"""Retry-After of a call that finds no place."""


class _Lane:
    """The threads of one target, its circuit breaker, and the pace of its calls."""

    def __init__(self, name: str, places: int, now: Callable[[], float]) -> None:
        self.threads = ThreadPoolExecutor(places, thread_name_prefix=f"target {name}")
        self.places = Places(places, of_owner=places)
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

    def end(self, owner: str, turn: Turn, call: asyncio.Future[Any]) -> None:
        """Free the place of a call whose thread has ended."""
        self.ended += 1
        self.places.leave(owner, turn)
        if not call.cancelled():
            call.exception()  # retrieved, so that asyncio does not log it


@dataclass
class Bulkhead:
    """Runs calls per target: some at a time, none for long, and none where the breaker is open.

    Calls that wait for a place are served by owner in turn: those of one job are not behind those
    of a burst.
    """

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
        owner = current_owner()
        turn = await self._take_place(lane, owner)
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
                lane.places.leave(owner, turn)
            elif call.done():
                lane.end(owner, turn, call)
            else:
                call.add_done_callback(partial(lane.end, owner, turn))

    async def _take_place(self, lane: _Lane, owner: str) -> Turn:
        if not lane.places.is_free(owner) and lane.stuck_since == lane.ended:
            raise ProviderUnavailableError(_SILENT, _BUSY, called=False)
        turn = lane.places.line_up(owner)
        assert turn is not None  # noqa: S101 - these lines have no end
        while True:
            ended = lane.ended
            if await lane.places.wait(owner, turn, self.patience):
                return turn
            if lane.ended == ended:
                lane.places.leave(owner, turn)
                lane.stuck_since = ended
                raise ProviderUnavailableError(_SILENT, _BUSY, called=False)
