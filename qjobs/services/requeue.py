"""Requeueing: puts a job back into its queue, so that each job has one message and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import Clock, JobStore, Stored, WorkQueue
from qjobs.services.changes import save_change


@dataclass(frozen=True, slots=True)
class Requeue:
    """Count the visit in the record, then send the message with the count.

    Of several messages for one job only one finds the count as its own when it puts the job back:
    the others are doubles, and end here. If the process dies before the message is sent, the job
    is overdue after the delay.
    """

    jobs: JobStore
    queue: WorkQueue
    clock: Clock
    stalled_after: timedelta

    async def __call__(
        self,
        stored: Stored,
        message: Message,
        delay: float,
        change: Callable[[Job], Job | None] = lambda job: job,
    ) -> Stored:
        """Put a job back for *delay* seconds, or until its deadline if that is earlier.

        Args:
            stored: the job as last seen
            message: the one in hand, with the attempts and failures that the next one has
            delay: in seconds
            change: of the record, in the same write; None if the job must not be put back

        Returns:
            The job as it is now. If its visits are still those of *message*, it was not put back.

        """
        now = self.clock.now()
        if stored.job.deadline is not None:
            delay = min(delay, max(0.0, (stored.job.deadline - now).total_seconds()))
        within = timedelta(seconds=delay) + self.stalled_after
        put_back = False

        def move(job: Job) -> Job | None:
            nonlocal put_back
            changed = None if job.final or job.visits != message.visits else change(job)
            put_back = changed is not None
            return changed.put_back(now, within) if changed else None

        stored = await save_change(self.jobs, stored, move)
        if put_back:
            following = stored.job.message()
            again = replace(
                following,
                attempt=message.attempt,
                failures=message.failures,
                woken=message.woken,
            )
            await self.queue.send(again, delay)
        return stored
