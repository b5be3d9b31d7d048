"""Cancellation of a job by its caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from qjobs.domain.errors import JobFinishedError
from qjobs.domain.job import Job, Status
from qjobs.ports import Clock, JobStore
from qjobs.services.changes import save_change
from qjobs.services.query import checked_id, unexpired


@dataclass(frozen=True, slots=True)
class Cancel:
    """Record that a job is to be canceled. The caller of this sends the job's message next."""

    jobs: JobStore
    clock: Clock
    stalled_after: timedelta

    async def __call__(self, owner: str, job_id: str) -> Job:
        """Return the job, which is now Canceling or already Canceled.

        Raises:
            InvalidParameterError: *job_id* is not an id.
            UnknownJobError: the owner has no such job.
            JobExpiredError: it has expired.
            JobFinishedError: it succeeded or failed before.

        """
        stored = await self.jobs.get(owner, checked_id(job_id))
        unexpired(stored.job, self.clock.now())
        return (await save_change(self.jobs, stored, self._canceling)).job

    def _canceling(self, job: Job) -> Job | None:
        if job.status in {Status.CANCELING, Status.CANCELED}:
            return None
        if job.final:
            raise JobFinishedError(
                f"The job has already {job.status.lower()}; "
                f"GET /jobs/{job.id}/result says how it ended.",
                job.id,
            )
        return job.canceling(self.clock.now(), self.stalled_after)
