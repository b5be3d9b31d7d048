"""In-process notification that a job has ended; it wakes long polls."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from qjobs.ports import Clock


@dataclass(frozen=True, slots=True)
class Signals:
    """Wakes the long polls of a job when it ends, if it ends in this process.

    Most often a job ends in another process; then nothing is signaled, and a long poll has to
    read the record. Where one process does everything, waiting costs nothing and ends at once.
    """

    clock: Clock
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))

    def ended(self, job_id: str) -> None:
        """Wake every long poll of a job."""
        for event in self._waiting.get(job_id, ()):
            event.set()

    async def wait(self, job_id: str, seconds: float) -> None:
        """Return after *seconds*, or as soon as the job ends in this process."""
        event = asyncio.Event()
        self._waiting[job_id].add(event)
        sleep = asyncio.ensure_future(self.clock.sleep(seconds))
        ended = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({sleep, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            ended.cancel()
            self._waiting[job_id].discard(event)
            if not self._waiting[job_id]:
                del self._waiting[job_id]
