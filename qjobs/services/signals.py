"""News between the functions of one process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from qjobs.ports import Clock


@dataclass(frozen=True, slots=True)
class Signals:
    """Tells who waits for a job that it has ended, if it ended in this process.

    Most often a job ends elsewhere; then nobody is told, and who waits has to look. Where one
    process does everything, waiting costs nothing and ends at once.
    """

    clock: Clock
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))

    def ended(self, job_id: str) -> None:
        """Wake everybody who waits for a job."""
        for event in self._waiting.get(job_id, ()):
            event.set()

    async def wait(self, job_id: str, seconds: float) -> None:
        """Return after *seconds*, or as soon as the job has ended here."""
        event = asyncio.Event()
        self._waiting[job_id].add(event)
        sleep, news = (
            asyncio.ensure_future(self.clock.sleep(seconds)),
            asyncio.ensure_future(event.wait()),
        )
        try:
            await asyncio.wait({sleep, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            news.cancel()
            self._waiting[job_id].discard(event)
            if not self._waiting[job_id]:
                del self._waiting[job_id]
