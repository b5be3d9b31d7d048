"""Read access to jobs: one job, with long polling, and its outcome."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain import schedule
from qjobs.domain.errors import InvalidParameterError, JobExpiredError
from qjobs.domain.identifiers import uuid_in_lower_case
from qjobs.domain.job import Job, Status
from qjobs.ports import Clock, JobStore
from qjobs.services.outcome import Outcome
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
        return (await self.outcome(owner, checked_id(job_id), wait)).job

    async def outcome(self, owner: str, job_id: str, wait: float) -> Outcome:
        """Return the job, and its result where it ended in this process meanwhile."""
        until = self.clock.now() + timedelta(seconds=wait)
        job, reads = (await self.jobs.get(owner, job_id)).job, 0
        while not job.final and (left := (until - self.clock.now()).total_seconds()) > 0:
            ended = await self.signals.wait(job_id, min(schedule.long_poll_pause(reads), left))
            if ended is not None:
                return ended
            left = (until - self.clock.now()).total_seconds()
            # A look that takes longer than there is time is no reason to wait longer.
            with suppress(TimeoutError):
                async with asyncio.timeout(max(left, _LAST_LOOK_SECONDS)):
                    job = (await self.jobs.get(owner, job_id)).job
            reads += 1
        return Outcome(unexpired(job, self.clock.now()))


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
        job_id = checked_id(job_id)
        if wait > 0:
            outcome = await self.find.outcome(owner, job_id, wait)
            if outcome.job.status is not Status.SUCCEEDED or outcome.result is not None:
                return outcome
        stored, content = await self.jobs.read(owner, job_id)
        job = unexpired(stored.job, self.find.clock.now())
        succeeded = job.status is Status.SUCCEEDED
        return Outcome(job, content if succeeded else None)
