"""Read access to jobs: one job, with long polling, and its outcome."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain import schedule
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import InvalidParameterError, JobExpiredError
from qjobs.domain.identifiers import uuid_in_lower_case
from qjobs.domain.job import Job, Status
from qjobs.ports import Clock, JobStore
from qjobs.services.signals import Signals

_LAST_LOOK_SECONDS = 1.0
"""The time for the last look of a long poll, which begins when the others are over."""


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


def unexpired(job: Job, now: datetime) -> Job:
    """Return *job* if it has not expired.

    Raises:
        JobExpiredError: it has.

    """
    if job.is_expired(now):
        raise JobExpiredError(job_id=job.id)
    return job


@dataclass(frozen=True, slots=True)
class FindJob:
    """Return one job, at once or by a long poll for its end."""

    jobs: JobStore
    signals: Signals
    clock: Clock

    async def __call__(self, owner: str, job_id: str, wait: float = 0.0) -> Job:
        """Return the job, as soon as it is final or *wait* seconds have passed.

        Raises:
            InvalidParameterError: *job_id* is not an id.
            UnknownJobError: the owner has no such job.
            JobExpiredError: it has expired.

        """
        job_id = checked_id(job_id)
        until = self.clock.now() + timedelta(seconds=wait)
        job, reads = (await self.jobs.get(owner, job_id)).job, 0
        while not job.final and (left := (until - self.clock.now()).total_seconds()) > 0:
            await self.signals.wait(job_id, min(schedule.long_poll_pause(reads), left))
            left = (until - self.clock.now()).total_seconds()
            # A look that takes longer than there is time is no reason to wait longer.
            with suppress(TimeoutError):
                async with asyncio.timeout(max(left, _LAST_LOOK_SECONDS)):
                    job = (await self.jobs.get(owner, job_id)).job
            reads += 1
        return unexpired(job, self.clock.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job, with its result once it succeeded."""

    job: Job
    result: JSONObject | None = None
    """`result`, `counts` and `provenance`; None before there is a result."""


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """Return the outcome of a job, at once or by a long poll for its end."""

    jobs: JobStore
    find: FindJob

    async def __call__(self, owner: str, job_id: str, wait: float = 0.0) -> Outcome:
        """Return the outcome, as soon as the job is final or *wait* seconds have passed.

        Raises:
            InvalidParameterError: *job_id* is not an id.
            UnknownJobError: the owner has no such job.
            JobExpiredError: it has expired.

        """
        if wait > 0:
            job = await self.find(owner, job_id, wait)
            if job.status is not Status.SUCCEEDED:
                return Outcome(job)
        stored, content = await self.jobs.read(owner, checked_id(job_id))
        job = unexpired(stored.job, self.find.clock.now())
        succeeded = job.status is Status.SUCCEEDED
        return Outcome(job, content if succeeded else None)
