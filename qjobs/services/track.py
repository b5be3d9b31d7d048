"""Tracking: polls a step at the provider, then starts the next step or ends the job."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from qjobs.domain import schedule
from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import (
    AlgorithmError,
    BudgetExceededError,
    DeadlineExceededError,
    ProcessingFailedError,
    ProviderRejectedError,
    QJobsError,
    TransientError,
    UnknownProviderJobError,
)
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.messages import Message, Queue
from qjobs.domain.plan import Phase, ProviderStatus
from qjobs.domain.run import LastRun, Run
from qjobs.domain.step_document import step_name, stored_run
from qjobs.ports import (
    AlgorithmRunner,
    Catalogue,
    Clock,
    Documents,
    JobStore,
    QuantumProvider,
    Stored,
)
from qjobs.services.changes import save_change
from qjobs.services.conclude import Conclude
from qjobs.services.durations import Durations
from qjobs.services.place import Place
from qjobs.services.requeue import Requeue
from qjobs.services.side_by_side import side_by_side
from qjobs.services.watch import Watch
from qjobs.services.withdraw import Withdraw

_log = logging.getLogger(__name__)
STEP_IN_PLACE = timedelta(seconds=2)
"""A step that takes longer is not followed by a function of a queue: others wait for its slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Poll a step: in place while its end is near, else by a delayed message."""

    jobs: JobStore
    documents: Documents
    catalogue: Catalogue
    algorithms: AlgorithmRunner
    provider: QuantumProvider
    clock: Clock
    place: Place
    requeue: Requeue
    conclude: Conclude
    withdraw: Withdraw
    durations: Durations
    stalled_after: timedelta
    patience: timedelta
    """The longest time in place, over all steps, before a job is put back."""
    outputs_announced: bool = False
    """Whether `Wake` is told of the outputs of circuits that wait."""

    async def __call__(self, message: Message) -> None:
        """Advance a job that is at the provider; do nothing if it has moved on."""
        stored, content = await self.jobs.read(message.owner, message.job_id)
        job = stored.job
        if job.final:
            await self.withdraw(stored, message.attempt)
        elif job.visits > message.visits:
            return
        elif job.status is Status.CANCELING:
            await self.cancel(stored)
        elif job.placed:
            step = await self.documents.get(job.owner, job.id, step_name(job.step))
            if step is None:
                raise ProcessingFailedError("The job's programs are no longer kept.")
            run = stored_run(job, JobInput.of(content), job.step, step)
            await self.follow(stored, run, message)

    async def cancel(
        self, stored: Stored, error: QJobsError | None = None, run: Run | None = None
    ) -> None:
        """End a job for its caller or, with *error*, at its deadline; withdraw its circuits."""
        job = stored.job if run is None else replace(stored.job, step=run.step)
        withdrawn = await self.withdraw.stop(job)
        ended = await self.conclude.cancel(stored, error, run, withdrawn=withdrawn)
        await self.withdraw.later(ended)

    async def follow(
        self,
        stored: Stored,
        run: Run,
        message: Message,
        longest_step: timedelta = STEP_IN_PLACE,
    ) -> None:
        """Wait for *run*, which is at the provider, and go on from there.

        The record may not know yet that the run is there: a job that is over in a moment is
        written once, at its end, and a loop of quick steps twice a second. Nothing is lost with a
        crash before, because a repetition of the work finds the same steps and the same jobs at the
        provider.

        Args:
            stored: the job as last seen
            run: its current step
            message: the one in hand; if it was put back before, one look is enough
            longest_step: the longest time in place for one step

        """
        delayed = message.visits > 0 and message.queue is Queue.TRACK
        if self._is_announced(run) and not delayed:
            # What fails soon announces nothing: the one look before the output comes then.
            note = partial(self._noted, run=run, statuses=())
            stored = await self.requeue(stored, message, schedule.EARLY_LOOK, note)
            if not (stored.job.final or stored.job.status is Status.CANCELING):
                return
        now = self.clock.now()
        watch = Watch(
            self.clock,
            self.durations,
            delayed,
            longest_step,
            since=now,
            placed=now,
            noted=now,
        )
        await self._follow(stored, run, message, watch)

    async def _follow(self, stored: Stored, run: Run, message: Message, watch: Watch) -> None:
        """Look at a step until it is put back, or its job has ended."""
        while not stored.job.final and stored.job.step <= run.step:
            if stored.job.status is Status.CANCELING:
                await self.cancel(stored, None, run)
                return
            if stored.job.is_past_deadline(self.clock.now()):
                await self.cancel(stored, DeadlineExceededError(), run)
                return
            await watch.pause(run.target.id)
            following, statuses = await self._look(stored, run, watch)
            if following is None:
                return
            run = following
            delay = self._next_look(stored.job, run, watch, message)
            if delay is not None:
                note = partial(self._noted, run=run, statuses=statuses)
                # The provider has answered: what failed before does not count any more.
                again = message.woken + 1 if message.woken and stored.job.step == run.step else 0
                fresh = replace(message, attempt=0, failures=0, woken=again)
                stored = await self.requeue(stored, fresh, delay, note)
                if not (stored.job.final or stored.job.status is Status.CANCELING):
                    return
            elif watch.needs_note(stored.job, run):
                note = partial(self._noted, run=run, statuses=statuses)
                stored = await save_change(self.jobs, stored, note)
                watch.noted = self.clock.now()
        if stored.job.status is not Status.SUCCEEDED and stored.job.step <= run.step:
            # Another process ended the job, perhaps before its circuits were placed.
            await self.withdraw(stored)

    async def _look(
        self, stored: Stored, run: Run, watch: Watch
    ) -> tuple[Run | None, Sequence[ProviderStatus]]:
        """Return the step to go on with, None if the job has ended, and where its circuits stand.

        Where a call fails, the record learns how far the job has come: the next attempt begins
        there. From the first step on, all calls of all steps would have to succeed in one attempt.
        """
        try:
            statuses = await self._statuses(run)
            if not _settled(statuses):
                watch.not_over()
                return run, statuses
            watch.seen(run.target.id, statuses)
            following = await self._advance(stored, run, statuses)
        except TransientError:
            if run.step > stored.job.step:
                with suppress(TransientError):
                    await save_change(self.jobs, stored, partial(self._noted, run=run, statuses=()))
            raise
        if following is not None:
            watch.restart()
        return following, []

    async def _advance(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus]
    ) -> Run | None:
        """Place the next step and return it, or end the job and return None."""
        failed = next((status for status in statuses if status.ended_badly), None)
        if failed is not None:
            reason = failed.failure or f"The provider's job ended as {failed.phase}."
            ended = await self.conclude.fail(stored, ProviderRejectedError(reason), run)
            # What still runs of the step is not needed any more, and may cost.
            await self.withdraw(ended)
            return None
        counts = partial(self.provider.counts, run.target.id)
        outcomes = run.outcomes(await side_by_side(partial(counts, circuit) for circuit in run.ids))
        algorithm, state = run.job.algorithm, run.plan.state
        following = await self.algorithms.resume(algorithm, run.inputs, state, outcomes)
        last = LastRun(run, outcomes, statuses)
        if isinstance(following, Finish):
            await self._succeed(stored, following.result, last)
            return None
        further = run.following(following, last.totals, last.expected_next)
        excess = self._excess(further)
        if excess is not None:
            if following.best is None:
                raise excess
            await self._succeed(stored, following.best, last, excess.detail)
            return None
        return await self.place(further)

    async def _succeed(
        self, stored: Stored, result: JSONObject, last: LastRun, ended_early: str | None = None
    ) -> None:
        """Close the session of a job, then store its result.

        A session that cannot be closed at the moment keeps no result: the job stays due for it.
        """
        session, closed = last.run.execution.session, True
        if session is not None:
            try:
                await self.provider.close_session(last.run.target.id, session)
            except TransientError as error:
                _log.warning("A session of job %s stays open: %s", stored.job.id, error.detail)
                closed = False
        ended = await self.conclude.succeed(
            stored, result, last, ended_early=ended_early, withdrawn=closed
        )
        if not closed:
            await self.withdraw.later(ended)

    def _excess(self, run: Run) -> QJobsError | None:
        """Return the error of a step that is one too many or too expensive, if it is."""
        most = self.catalogue.submission_rules(run.job.algorithm).most_steps
        if run.step >= most:
            return AlgorithmError(f"The algorithm did not finish within {most} steps.")
        overrun = run.overrun
        return BudgetExceededError(overrun) if overrun else None

    async def _statuses(self, run: Run) -> Sequence[ProviderStatus]:
        status = partial(self.provider.status, run.target.id)
        try:
            return await side_by_side(partial(status, circuit) for circuit in run.ids)
        except UnknownProviderJobError:
            # A workspace may forget, or not know yet. Under the same ids nothing runs twice.
            await self.place(run)
            raise

    def _next_look(self, job: Job, run: Run, watch: Watch, message: Message) -> float | None:
        """Return the seconds until a message looks at the step; None to go on in place."""
        now, queue = self.clock.now(), timedelta(seconds=run.target.queue_seconds)
        noted = job.step == run.step
        placed = job.placed_at if job.placed_at and noted else watch.placed
        expected = job.estimated_completion if noted else None
        expected = expected or placed + queue
        longest = watch.longest_step
        if watch.delayed or now - placed >= longest or expected - now > longest:
            elapsed, remaining = now - placed, expected - now
            if self._is_announced(run):
                woken = message.woken if noted else 0
                return schedule.announced_visit(elapsed, remaining, woken)
            return schedule.next_visit(elapsed, remaining)
        # A job of many quick steps lets others go first from time to time.
        return 0.0 if now - watch.since >= self.patience else None

    def _is_announced(self, run: Run) -> bool:
        return self.outputs_announced and run.awaited

    def _noted(self, job: Job, run: Run, statuses: Sequence[ProviderStatus]) -> Job | None:
        """Return the job with the run at the provider; None if it is not to go on with it."""
        if job.final or job.status is Status.CANCELING or job.step > run.step:
            return None
        now = self.clock.now()
        if not (job.placed and job.step == run.step):
            accepted = min((one.accepted for one in statuses if one.accepted), default=None)
            placement = run.placement()
            placement = replace(placement, accepted=placement.accepted or accepted)
            job = job.submitted(now, placement, self.stalled_after)
        done = sum(status.ended_well for status in statuses)
        running = done > 0 or any(status.phase is Phase.RUNNING for status in statuses)
        began = min((status.began for status in statuses if status.began), default=None)
        return job.progressed(now, done, running=running, within=self.stalled_after, began=began)


def _settled(statuses: Sequence[ProviderStatus]) -> bool:
    """Say whether a step is over: all of it ended well, or some of it badly."""
    ended_well = all(status.ended_well for status in statuses)
    return ended_well or any(status.ended_badly for status in statuses)
