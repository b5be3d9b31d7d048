"""Sweep: a look at every record in turn, which finds expired jobs, and overdue ones."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from qjobs.domain.errors import ConcurrentUpdateError
from qjobs.ports import Clock, Documents, JobStore, Stored

_log = logging.getLogger(__name__)
_MOST_DELETED = 200
"""Jobs of which one sweep deletes something; the next one goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Look at the next portion of all jobs: delete the expired ones, revive the overdue ones.

    Any number of processes may do so at the same time. What one leaves half done, because it is
    killed or the storage fails, is found again by the next that comes by.
    """

    jobs: JobStore
    documents: Documents
    clock: Clock
    revive: Callable[[Stored], Awaitable[None]]

    async def __call__(self) -> None:
        """Sweep once."""
        now, deleted = self.clock.now(), 0
        for stored in await self.jobs.walk():
            job = stored.job
            over = job.is_forgotten(now) or (job.is_expired(now) and not job.erased)
            try:
                if over and deleted < _MOST_DELETED:
                    deleted += 1
                    await self._delete(stored, whole=job.is_forgotten(now))
                elif not over and job.due is not None and job.due < now:
                    await self.revive(stored)
            except ConcurrentUpdateError:
                continue  # another process is at it
            except Exception:  # noqa: BLE001 - one bad job must not keep the others waiting
                _log.exception("Job %s is left.", job.id, extra={"action": "sweep_failed"})
        if deleted:
            _log.info("%d expired jobs deleted.", deleted, extra={"action": "jobs_deleted"})

    async def _delete(self, stored: Stored, *, whole: bool) -> None:
        """Delete input, result and steps of a job; its record stays to say that it has expired."""
        job = stored.job
        await self.documents.delete(job.owner, job.id)
        if whole:
            await self.jobs.delete(stored)
        else:
            await self.jobs.finish(replace(job.withdrawn(), erased=True), stored.etag, {})
