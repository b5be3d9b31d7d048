"""Reconciliation: finds jobs that lost their message, and sends it again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from qjobs.domain.job import Job
from qjobs.ports import Clock, JobStore, Stored, WorkQueue
from qjobs.services.changes import save_change
from qjobs.telemetry import Telemetry

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 1000
_RAREST = 5
"""Times of the patience with a job after which it is looked at again at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """Send the message of every overdue job again; doing so once too often is harmless."""

    jobs: JobStore
    queue: WorkQueue
    clock: Clock
    telemetry: Telemetry
    stalled_after: timedelta

    async def __call__(self) -> int:
        """Return how many jobs were overdue."""
        overdue = await self.jobs.overdue(self.clock.now(), _MOST_AT_ONCE)
        for stored in overdue:
            try:
                await self.revive(stored)
            except Exception:  # noqa: BLE001 - one bad record must not keep the others waiting
                _log.exception(
                    "Job %s is overdue.", stored.job.id, extra={"action": "reconcile_failed"}
                )
        return len(overdue)

    async def revive(self, stored: Stored) -> None:
        """Send the message of one overdue job again, unless it stands behind older ones."""
        job, message = stored.job, stored.job.message()
        head = await self.queue.oldest(message.queue)
        if head is None or head > job.updated_at:
            # First the message, then the time: once too often is harmless, never is not.
            about = {"qjobs.job.id": job.id}
            with self.telemetry.span("reconcile", about, parent=job.trace_parent):
                await self.queue.send(message.repeated())
            _log.warning(
                "Job %s was overdue; sent again.", job.id, extra={"action": "job_reconciled"}
            )
        await save_change(self.jobs, stored, self._give_time)

    def _give_time(self, job: Job) -> Job | None:
        if job.due is None:
            return None
        now = self.clock.now()
        # An old job is more likely to stand in a long queue than to be lost: look less often, but
        # not so rarely that one that is lost after all waits for as long as it is old.
        later = min((now - job.created_at) / 2, _RAREST * self.stalled_after)
        return job.due_within(now, max(self.stalled_after, later))
