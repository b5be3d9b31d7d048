"""The records of jobs with announcements: listeners to a job are told of its changes."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import QJobsError
from qjobs.domain.event import JobEvent
from qjobs.domain.job import Job
from qjobs.ports import (
    Announcements,
    Clock,
    JobFilter,
    JobStore,
    Page,
    Reservation,
    Stored,
    Unfinished,
)
from qjobs.services.listening import Listening

_log = logging.getLogger(__name__)
_LONGEST = 2.0
"""Seconds that a job waits until its listeners are told."""
_REMEMBERED = 1000
"""Jobs whose last event is remembered, so that the same one is not sent at each write."""


@dataclass(frozen=True, slots=True)
class AnnouncedJobs:
    """A `JobStore` that tells listeners of each change, once the record has it.

    Telling never changes a job and fails nothing. The end of a job is told at least once: its
    record says that it is still to be told, and stays due, until that is done. Other changes are
    told if the process lives and the receiver can be reached.
    """

    jobs: JobStore
    listening: Listening
    clock: Clock
    stalled_after: timedelta
    _last: OrderedDict[str, str] = field(default_factory=OrderedDict)

    async def save(self, job: Job, etag: str) -> Stored:
        """Replace the record that *etag* was given for, and tell of the change."""
        return await self._write(job, lambda changed: self.jobs.save(changed, etag))

    async def finish(self, job: Job, etag: str, result: JSONObject) -> Stored:
        """Replace the record that *etag* was given for, and its input by its result; tell of it."""
        return await self._write(job, lambda changed: self.jobs.finish(changed, etag, result))

    async def _write(self, job: Job, write: Callable[[Job], Awaitable[Stored]]) -> Stored:
        event = JobEvent.of(job)
        if event is None or (job.final and not job.untold):
            return await write(job)
        ways = await self._ways(job.owner)
        if job.final:
            return await self._end(job, event, ways, write)
        stored = await write(job)
        if ways and self._is_new(event):
            await self._tell(event, ways)
        return stored

    async def _end(
        self,
        job: Job,
        event: JobEvent,
        ways: Sequence[Announcements] | None,
        write: Callable[[Job], Awaitable[Stored]],
    ) -> Stored:
        if ways is not None and not ways:
            return await write(job.told())
        stored = await write(job.to_be_told(self.clock.now() + self.stalled_after))
        if ways is None or not await self._tell(event, ways):
            return stored
        try:
            return await self.jobs.save(replace(stored.job.told(), due=job.due), stored.etag)
        except QJobsError as error:
            # Whoever has changed it, or finds it overdue, tells once more.
            _log.warning("Job %s is told, its record does not say so: %r", job.id, error)
            return stored

    async def _ways(self, owner: str) -> Sequence[Announcements] | None:
        """Return the ways in which an owner listens; None if that is not known at the moment."""
        try:
            return await self.listening.of(owner)
        except QJobsError as error:
            _log.warning("It is not known who listens: %s", error.detail)
            return None

    async def _tell(self, event: JobEvent, ways: Sequence[Announcements]) -> bool:
        """Tell of an event in all ways; return whether that is done."""
        try:
            async with asyncio.timeout(_LONGEST):
                await asyncio.gather(*(way.tell(event) for way in ways))
        except Exception:  # noqa: BLE001 - telling fails nothing
            about = {"action": "tell_failed"}
            _log.warning("Job %s is not told.", event.job_id, exc_info=True, extra=about)
            return False
        return True

    def _is_new(self, event: JobEvent) -> bool:
        known = self._last.get(event.job_id) == event.id
        self._last[event.job_id] = event.id
        self._last.move_to_end(event.job_id)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return not known

    async def create(self, job: Job, job_input: JSONObject) -> Stored:
        """Write the record of a new job, which is no change to tell of."""
        return await self.jobs.create(job, job_input)

    async def get(self, owner: str, job_id: str) -> Stored:
        """Return a job, without its content."""
        return await self.jobs.get(owner, job_id)

    async def read(self, owner: str, job_id: str) -> tuple[Stored, JSONObject]:
        """Return a job with its content."""
        return await self.jobs.read(owner, job_id)

    async def page(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner."""
        return await self.jobs.page(owner, wanted, size, continuation)

    async def overdue(self, now: datetime, most: int) -> Sequence[Stored]:
        """Return jobs that should have moved before *now*."""
        return await self.jobs.overdue(now, most)

    async def unfinished(self) -> Sequence[Unfinished]:
        """Return the jobs that have not ended."""
        return await self.jobs.unfinished()

    async def walk(self) -> Sequence[Stored]:
        """Return the next portion of all jobs."""
        return await self.jobs.walk()

    async def reserve(self, owner: str, key: str, wanted: Reservation) -> Reservation:
        """Bind an idempotency key to *wanted*, or return what it is bound to already."""
        return await self.jobs.reserve(owner, key, wanted)

    async def release(self, job: Job) -> None:
        """Give up the reservation of the key of a job that was never created."""
        await self.jobs.release(job)

    async def delete(self, stored: Stored) -> None:
        """Delete a job."""
        await self.jobs.delete(stored)
