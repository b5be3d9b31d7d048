"""Read access to jobs: one job, with long polling, and its result."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain import schedule
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import InvalidParameterError
from qjobs.domain.identifiers import uuid_in_lower_case
from qjobs.domain.job import Job, Status
from qjobs.ports import JobStore
from qjobs.services.signals import Signals


def checked_id(job_id: str) -> str:
    """Return a job's id in the form it is stored under.

    A UUID that is no job's is an id: whether there is a job, the store knows.

    Raises:
        InvalidParameterError: *job_id* is no UUID.

    """
    stored = uuid_in_lower_case(job_id)
    if stored is None:
        raise InvalidParameterError.of("Must be the id of a job, a UUID.", parameter="id")
    return stored


@dataclass(frozen=True, slots=True)
class FindJob:
    """Return one job, at once or by a long poll for its end."""

    jobs: JobStore
    signals: Signals

    async def __call__(self, owner: str, job_id: str, wait: float = 0.0) -> Job:
        """Return the job, as soon as it is final or *wait* seconds have passed.

        Raises:
            InvalidParameterError: *job_id* is not an id.
            UnknownJobError: the owner has no such job.

        """
        job_id = checked_id(job_id)
        left, reads = wait, 0
        while True:
            job = (await self.jobs.get(owner, job_id)).job
            if job.final or left <= 0:
                return job
            pause = min(schedule.long_poll_pause(reads), left)
            await self.signals.wait(job_id, pause)
            left, reads = left - pause, reads + 1


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Return the result of a job."""

    jobs: JobStore

    async def __call__(self, owner: str, job_id: str) -> JSONObject | Job:
        """Return the result document, or the job if it has none: it is pending or did not succeed.

        Raises:
            InvalidParameterError: *job_id* is not an id.
            UnknownJobError: the owner has no such job.

        """
        job_id = checked_id(job_id)
        stored, content = await self.jobs.read(owner, job_id)
        return content if stored.job.status is Status.SUCCEEDED else stored.job
