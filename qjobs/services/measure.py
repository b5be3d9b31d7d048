"""Measurement of the jobs that have not ended: number by state, age of the oldest."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass

from qjobs.domain.job import FINAL, Status
from qjobs.ports import Clock, JobStore
from qjobs.telemetry import JOBS, OLDEST_JOB, Telemetry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MeasureJobs:
    """Record figures of all jobs together, where telemetry is configured.

    A failure is logged: the next run has its own chance.
    """

    jobs: JobStore
    clock: Clock
    telemetry: Telemetry

    async def __call__(self) -> None:
        """Measure once."""
        if not self.telemetry.enabled:
            return
        try:
            unfinished = await self.jobs.unfinished()
        except Exception:  # noqa: BLE001 - what the timer does besides must not fail by this
            _log.exception("The jobs were not counted.", extra={"action": "measure_failed"})
            return
        states = Counter(one.status for one in unfinished)
        for status in Status:
            if status not in FINAL:
                self.telemetry.record(JOBS, states[status], {"qjobs.job.status": status})
        now = self.clock.now()
        for simulated in (True, False):
            ages = [now - one.created_at for one in unfinished if one.simulated is simulated]
            seconds = max((age.total_seconds() for age in ages), default=0.0)
            self.telemetry.record(OLDEST_JOB, seconds, {"qjobs.target.simulated": simulated})
