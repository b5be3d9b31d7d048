"""A clock that tests can advance: real time plus an offset."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SECOND = 10**9  # nanoseconds
LATEST = 7_258_118_400 * SECOND  # the year 2200; a database holds no number beyond 2262
LONGEST_NAP = 60.0
"""Seconds. Timers stand still while a laptop is asleep and its time goes on: look now and then."""


class Clock:
    """A clock with timers that wake when it is advanced; for use within one event loop."""

    def __init__(self, real_time: Callable[[], int] = time.time_ns) -> None:
        self._real_time = real_time
        self._ahead = 0
        self._last = 0
        self._sleepers: dict[asyncio.Future[None], int] = {}
        self._resets = 0

    def now(self) -> int:
        """Return the time, in nanoseconds since 1970; it never goes back, but by a `reset`."""
        self._last = max(self._last, self._real_time() + self._ahead)
        return self._last

    @property
    def advanced_by(self) -> float:
        """Seconds that it is ahead of real time."""
        return self._ahead / SECOND

    def advance(self, seconds: float) -> None:
        """Let time pass at once; sleepers that are due wake in the order of their times.

        Raises:
            ValueError: it is less than no time, or more than is left until the year 2200.

        """
        if not 0 <= seconds <= (LATEST - self.now()) / SECOND:
            raise ValueError("The clock goes forwards only, and not beyond the year 2200.")
        self._ahead += round(seconds * SECOND)
        now = self.now()
        due = [sleeper for sleeper, moment in self._sleepers.items() if moment <= now]
        for sleeper in sorted(due, key=self._sleepers.__getitem__):
            _wake(sleeper)

    def reset(self) -> None:
        """Go back to real time, and wake all sleepers: their times may be far away again."""
        self._ahead = 0
        self._last = 0
        self._resets += 1
        for sleeper in self._sleepers:
            _wake(sleeper)

    async def sleep_until(self, moment: int) -> None:
        """Return when the clock shows *moment*, in nanoseconds since 1970, or is reset."""
        loop = asyncio.get_running_loop()
        resets = self._resets
        while (left := moment - self.now()) > 0 and resets == self._resets:
            sleeper = loop.create_future()
            timer = loop.call_later(min(left / SECOND, LONGEST_NAP), _wake, sleeper)
            self._sleepers[sleeper] = moment
            try:
                await sleeper
            finally:
                timer.cancel()
                del self._sleepers[sleeper]


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
