"""In-process notification that a job has ended; it wakes long polls."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from qjobs.ports import Clock
from qjobs.services.outcome import Outcome
from qjobs.telemetry import WAITING_REQUESTS, Telemetry


@dataclass(frozen=True, slots=True)
class Signals:
    """Wakes the long polls of a job when it ends, if it ends in this process.

    On Azure a job may end in another process; then nothing is signaled, and a long poll has to
    read the record. Where one process does everything, waiting costs nothing and ends at once.
    """

    clock: Clock
    telemetry: Telemetry
    _waiting: dict[str, set[asyncio.Future[Outcome]]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def ended(self, outcome: Outcome) -> None:
        """Wake every long poll of a job."""
        for future in self._waiting.get(outcome.job.id, ()):
            if not future.done():
                future.set_result(outcome)

    async def wait(self, job_id: str, seconds: float) -> Outcome | None:
        """Return the outcome as soon as the job ends in this process; None after *seconds*."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[job_id].add(future)
        self.telemetry.record(WAITING_REQUESTS, 1)
        sleep = asyncio.ensure_future(self.clock.sleep(seconds))
        both: set[asyncio.Future[Any]] = {sleep, future}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.telemetry.record(WAITING_REQUESTS, -1)
            sleep.cancel()
            self._waiting[job_id].discard(future)
            if not self._waiting[job_id]:
                del self._waiting[job_id]
        return future.result() if future.done() else None
