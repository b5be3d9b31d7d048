"""The retry policy of queue messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from qjobs.domain import schedule
from qjobs.domain.errors import (
    PermanentError,
    ProviderGaveUpError,
    QJobsError,
    RequestError,
    TransientError,
    UnknownJobError,
)
from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import Clock, JobStore, WorkQueue
from qjobs.services.changes import save_change
from qjobs.services.conclude import Conclude
from qjobs.services.withdraw import Withdraw

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Process a message: a transient error requeues it with backoff, a permanent one fails the job.

    Any other error is a bug: it is raised, so that the Functions host counts the attempt and, in
    the end, moves the message to the poison queue.
    """

    jobs: JobStore
    queue: WorkQueue
    clock: Clock
    conclude: Conclude
    withdraw: Withdraw
    work: Callable[[Message], Awaitable[None]]
    stalled_after: timedelta

    async def __call__(self, message: Message) -> None:
        """Process *message* once."""
        try:
            await self.work(message)
        except UnknownJobError:
            _log.info("Job %s is gone.", message.job_id, extra={"action": "message_dropped"})
        except TransientError as error:
            await self._requeue(message, error)
        except (RequestError, PermanentError) as error:
            await self._fail(message, error)

    async def _requeue(self, message: Message, error: TransientError) -> None:
        again = message.again()
        if again.attempt > schedule.RETRY_ATTEMPTS:
            await self._fail(message, ProviderGaveUpError(error.detail))
            return
        delay = schedule.retry_delay(again.attempt, error.retry_after)
        within = timedelta(seconds=delay) + self.stalled_after

        def move(job: Job) -> Job | None:
            return None if job.final else job.due_within(self.clock.now(), within)

        stored = await self.jobs.get(message.owner, message.job_id)
        await save_change(self.jobs, stored, move)
        await self.queue.send(again, delay)
        _log.warning(
            "Job %s, attempt %d: %s; again in %d s",
            message.job_id,
            again.attempt,
            error.detail,
            delay,
            extra={"action": "attempt_failed"},
        )

    async def _fail(self, message: Message, error: QJobsError) -> None:
        stored = await self.jobs.get(message.owner, message.job_id)
        _log.warning(
            "Job %s, step %d fails: %s",
            message.job_id,
            message.step,
            error.detail,
            extra={"action": "job_failed"},
        )
        await self.withdraw(stored.job)
        await self.conclude.fail(stored, error)
