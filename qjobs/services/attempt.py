"""The retry policy of queue messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from qjobs.domain import schedule
from qjobs.domain.errors import (
    PermanentError,
    ProcessingFailedError,
    ProviderGaveUpError,
    ProviderUnavailableError,
    QJobsError,
    RequestError,
    StepWithdrawnError,
    TransientError,
    UnknownJobError,
    UnknownProviderJobError,
)
from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import Clock, JobStore
from qjobs.services.conclude import Conclude
from qjobs.services.places import working_for
from qjobs.services.requeue import Requeue
from qjobs.services.withdraw import Withdraw
from qjobs.telemetry import Attributes, Span, Telemetry, noted_errors

_log = logging.getLogger(__name__)
_UNCOUNTED = 3
"""The attempt by which the backoff goes after one that does not count: up to eight seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Process a message: a transient error requeues it with backoff, a permanent one fails the job.

    Any other error is a bug. It may depend on what else happens at the moment, so the job is tried
    a few times more before it fails.
    """

    jobs: JobStore
    clock: Clock
    requeue: Requeue
    conclude: Conclude
    withdraw: Withdraw
    telemetry: Telemetry
    work: Callable[[Message], Awaitable[None]]

    async def __call__(self, message: Message, invocation: str | None = None) -> None:
        """Process *message* once.

        Args:
            message: of a queue
            invocation: W3C trace context of the function that received it

        Raises:
            TransientError: the storage does not answer, not even to put the message back.

        """
        with self._span(message, "queue", invocation) as span:
            await self._run(message, self.work, span)

    async def in_place(self, message: Message, work: Callable[[Message], Awaitable[None]]) -> None:
        """Process *message*, which was not received but is about to be sent, once by *work*.

        Raises:
            TransientError: the storage does not answer, not even to put the message back.

        """
        with self._span(message, "request") as span:
            await self._run(message, work, span)

    def _span(
        self, message: Message, source: str, invocation: str | None = None
    ) -> AbstractContextManager[Span]:
        """Return the span of a visit: in the trace of the job, not in that of the function."""
        facts: Attributes = {
            "qjobs.job.id": message.job_id,
            "qjobs.job.step": message.step,
            "qjobs.visit.source": source,
            "qjobs.visit.number": message.visits,
            "qjobs.visit.attempt": message.attempt,
        }
        name = message.queue.removeprefix("qjobs-")
        return self.telemetry.span(name, facts, parent=message.trace_parent, link=invocation)

    async def _run(
        self, message: Message, work: Callable[[Message], Awaitable[None]], span: Span
    ) -> None:
        try:
            with working_for(message.owner), noted_errors(span):
                await work(message)
        except UnknownJobError:
            _log.info("Job %s is gone.", message.job_id, extra={"action": "message_dropped"})
        except StepWithdrawnError:
            _log.info("Job %s has ended.", message.job_id, extra={"action": "message_dropped"})
        except TransientError as error:
            await self._requeue(message, error)
        except (RequestError, PermanentError) as error:
            await self._fail(message, error)
        except Exception:  # noqa: BLE001 - whatever it is, the job goes on or fails
            _log.exception("Job %s", message.job_id, extra={"action": "attempt_crashed"})
            await self._after_a_bug(message)

    async def _requeue(self, message: Message, error: TransientError) -> None:
        # Trouble of ours, with the storage or for lack of a process, never counts against a job.
        # Nor does a call that was not made because those of others have failed.
        unanswered = isinstance(error, ProviderUnavailableError)
        counts = isinstance(error, UnknownProviderJobError) or (
            isinstance(error, ProviderUnavailableError) and error.called
        )
        now = self.clock.now()
        stored = await self.jobs.get(message.owner, message.job_id)
        # A loop that gets on is not at the end of its patience, however many steps it has.
        attempt = counts + (message.attempt if stored.job.step == message.step else 0)
        silent = stored.job.is_unanswered_since(now - schedule.LONGEST_UNANSWERED)
        if attempt > schedule.RETRY_ATTEMPTS or (unanswered and silent):
            await self._fail(message, ProviderGaveUpError(error.detail))
            return
        delay = schedule.retry_delay(attempt if counts else _UNCOUNTED, error.retry_after)

        def change(job: Job) -> Job:
            return job.unanswered(now) if unanswered else job

        await self.requeue(stored, replace(message, attempt=attempt), delay, change)
        _log.warning(
            "Job %s, attempt %d: %s; again in %d s",
            message.job_id,
            attempt,
            error.detail,
            delay,
            extra={"action": "attempt_failed"},
        )

    async def _after_a_bug(self, message: Message) -> None:
        again = replace(message.repeated(), failures=message.failures + 1)
        if again.failures >= schedule.MOST_FAILURES:
            await self._fail(message, ProcessingFailedError())
            return
        stored = await self.jobs.get(message.owner, message.job_id)
        await self.requeue(stored, again, schedule.retry_delay(again.failures, None))

    async def _fail(self, message: Message, error: QJobsError) -> None:
        stored = await self.jobs.get(message.owner, message.job_id)
        _log.warning(
            "Job %s, step %d fails: %s",
            message.job_id,
            message.step,
            error.detail,
            extra={"action": "job_failed"},
        )
        await self.withdraw(await self.conclude.fail(stored, error))
