"""Single flight: callers at the same time share one call, and wait for it up to a limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from qjobs.adapters.circuit_breaker import CircuitBreaker
from qjobs.domain.errors import ProviderUnavailableError


@dataclass
class SharedCall[R]:
    """A call that its callers share; after an error it is not made again for a while."""

    function: Callable[[], Awaitable[R]]
    limit: float
    """Seconds after its begin for which the call is waited for; it goes on after that."""
    now: Callable[[], float] = time.monotonic
    _breaker: CircuitBreaker = field(init=False)
    _running: asyncio.Task[R] | None = None
    _begun: float = 0.0

    def __post_init__(self) -> None:
        """Open the breaker for the first error, since all callers share it."""
        self._breaker = CircuitBreaker(threshold=1, now=self.now)

    async def __call__(self) -> R:
        """Return the outcome of the call that is under way, or of a new one.

        Raises:
            ProviderUnavailableError: there is no response in time; or the call raised it, now or a
                moment ago.

        """
        if self._running is None or self._running.done():
            self._breaker.check()
            self._running, self._begun = asyncio.create_task(self._call()), self.now()
            self._running.add_done_callback(_seen)
        running, left = self._running, self._begun + self.limit - self.now()
        await asyncio.wait({running}, timeout=max(left, 0.0))
        if not running.done():
            raise ProviderUnavailableError("The workspace does not respond.")
        return running.result()

    async def _call(self) -> R:
        with self._breaker.call():
            return await self.function()


def _seen(call: asyncio.Task[Any]) -> None:
    """Retrieve the error of a call that has no caller left, so that asyncio does not log it."""
    if not call.cancelled():
        call.exception()
