"""Withdrawal: cancels the provider jobs of a job that ends, until all of them are over."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from qjobs.domain import schedule
from qjobs.domain.errors import PermanentError, TransientError
from qjobs.domain.job import Job
from qjobs.domain.step_document import WITHDRAWN, step_name, stored_ids, stored_target
from qjobs.ports import Clock, Documents, JobStore, QuantumProvider, Stored, WorkQueue
from qjobs.services.changes import save_change
from qjobs.services.side_by_side import side_by_side

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Cancel the circuits of a job at the provider, and look again until they are over.

    An ended job stays due until the provider has said of every circuit that it is over: canceling
    is a request that a device may refuse, and the provider may not answer.
    """

    jobs: JobStore
    documents: Documents
    provider: QuantumProvider
    queue: WorkQueue
    clock: Clock
    stalled_after: timedelta

    async def stop(self, job: Job) -> bool:
        """Cancel the circuits of every step that is placed, and close their session.

        Return whether all of them are over.

        The document of the step that would follow is taken: who is about to place it finds that,
        and does not. Only for jobs whose record says that they end.
        """
        try:
            step, over, sessions = job.step, True, set[tuple[str, str]]()
            while not await self.documents.put(job.owner, job.id, step_name(step), WITHDRAWN):
                document = await self.documents.get(job.owner, job.id, step_name(step))
                if document is None or document == WITHDRAWN:
                    break
                target = stored_target(document).id
                ids = stored_ids(job, step, document)
                ended = await side_by_side(
                    partial(self._is_over, job, target, circuit) for circuit in ids
                )
                step, over = step + 1, over and all(ended)
                if session := document["session"]:
                    sessions.add((target, session))
            for target, session in sessions:
                await self.provider.close_session(target, session)
        except TransientError as error:
            _log.warning("Job %s may still run at the provider: %s", job.id, error.detail)
            return False
        return over

    async def __call__(self, stored: Stored, looks: int = 0) -> None:
        """Stop the circuits of an ended job at the provider, and look again if need be."""
        if stored.job.withdrawing and await self.stop(stored.job):
            await save_change(
                self.jobs, stored, lambda job: job.withdrawn() if job.withdrawing else None
            )
        else:
            await self.later(stored, looks)

    async def later(self, stored: Stored, looks: int = 0) -> None:
        """Have an ended job looked at again, which was looked at so often before."""
        now, delay = self.clock.now(), schedule.withdrawal_delay(looks)
        within = timedelta(seconds=delay) + self.stalled_after
        if stored.job.withdrawing:
            stored = await save_change(
                self.jobs,
                stored,
                lambda job: job.due_within(now, within) if job.withdrawing else None,
            )
        if stored.job.withdrawing:
            await self.queue.send(replace(stored.job.message(), attempt=looks + 1), delay)

    async def _is_over(self, job: Job, target: str, provider_job: str) -> bool:
        """Cancel a circuit; return whether the provider says that it is over."""
        try:
            status = await self.provider.cancel(target, provider_job)
        except PermanentError as error:
            _log.warning("A circuit of job %s cannot be canceled: %s", job.id, error.detail)
            return False
        if status is not None:
            return status.over
        # It was never there, unless a process is just submitting it.
        ended = job.finished_at
        return ended is not None and self.clock.now() - ended >= self.stalled_after
