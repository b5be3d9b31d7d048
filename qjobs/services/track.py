"""Tracking: polls a step at the provider, then starts the next step or ends the job."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qjobs.domain import schedule
from qjobs.domain.algorithm import Finish
from qjobs.domain.errors import (
    AlgorithmError,
    DeadlineExceededError,
    ProcessingFailedError,
    ProviderRejectedError,
)
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.messages import Message
from qjobs.domain.plan import Phase, ProviderStatus
from qjobs.domain.run import LastRun, Run, plan_of, step_name
from qjobs.ports import (
    AlgorithmRunner,
    Clock,
    Documents,
    JobStore,
    QuantumProvider,
    Stored,
    WorkQueue,
)
from qjobs.services.changes import save_change
from qjobs.services.conclude import Conclude
from qjobs.services.durations import Durations
from qjobs.services.place import Place
from qjobs.services.withdraw import Withdraw

_MOST_STEPS = 1000
"""An algorithm that asks for more is in an endless loop, which costs money."""
_QUICK = timedelta(seconds=0.5)
"""A job that takes longer has its record updated while it is followed."""


@dataclass(slots=True)
class _Watch:
    """The timing of a step that this process follows: its clock, its polls, its visits."""

    clock: Clock
    durations: Durations
    visits: int
    """Times that the step was put back in the queue before."""
    since: datetime
    """When this process began to follow the job."""
    placed: datetime
    """When it began to follow the current step."""
    polls: int = 0

    async def pause(self, target: str) -> None:
        """Sleep until the next poll, which comes at once after a delay in the queue."""
        if self.visits == 0 or self.polls > 0:
            typical = self.durations.typical(target)
            await self.clock.sleep(schedule.polling_pause(self.polls, typical))
        self.polls += 1

    def elapsed(self) -> timedelta:
        """Return the time since the step was placed."""
        return self.clock.now() - self.placed

    def seen(self, target: str) -> None:
        """Learn how long a step takes at the target, unless it was put back meanwhile."""
        if self.visits == 0:
            self.durations.observe(target, self.elapsed().total_seconds(), self.polls)

    def restart(self) -> None:
        """Begin with the next step: it made progress, so polls and visits are frequent again."""
        self.placed, self.polls, self.visits = self.clock.now(), 0, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Poll a step: in place while its end is near, else by a delayed message."""

    jobs: JobStore
    documents: Documents
    queue: WorkQueue
    algorithms: AlgorithmRunner
    provider: QuantumProvider
    clock: Clock
    place: Place
    conclude: Conclude
    withdraw: Withdraw
    durations: Durations
    stalled_after: timedelta
    patience: timedelta
    """The longest wait in place before a job is put back."""

    async def __call__(self, message: Message) -> None:
        """Advance a job that is at the provider; do nothing if it has moved on."""
        stored, content = await self.jobs.read(message.owner, message.job_id)
        job = stored.job
        if job.final or job.step != message.step:
            return
        if job.placed and job.target is not None:
            step = await self.documents.get(job.owner, job.id, step_name(job.step))
            if step is None:
                raise ProcessingFailedError("The job's programs are no longer kept.")
            run = Run(job, JobInput.of(content), job.target, job.step, plan_of(step))
            await self.follow(stored, run, message.visits)
        elif job.status is Status.CANCELING:
            await self.withdraw(job)
            await self.conclude.cancel(stored)

    async def follow(self, stored: Stored, run: Run, visits: int = 0) -> None:
        """Wait for *run*, which is at the provider, and go on from there.

        The record may not know yet that the run is there: a job that is over in a moment is
        written once, at its end. Nothing is lost with a crash before, because a repetition of the
        work finds the same jobs at the provider.
        """
        now = self.clock.now()
        watch = _Watch(self.clock, self.durations, visits, since=now, placed=now)
        while not stored.job.final and stored.job.step <= run.step:
            if self._must_stop(stored.job):
                await self._withdraw(stored, run)
                return
            await watch.pause(run.target.id)
            statuses = await asyncio.gather(
                *(self.provider.status(run.target.id, one) for one in run.ids)
            )
            if _settled(statuses):
                watch.seen(run.target.id)
                following = await self._advance(stored, run, statuses)
                if following is None:
                    return
                (stored, run), statuses = following, []
                watch.restart()
            if self._is_far_off(stored.job, run, watch.since):
                await self._put_back(stored, run, statuses, watch.visits)
                return
            if not stored.job.placed and watch.elapsed() > _QUICK:
                stored = await self._note(stored, run, statuses, self.stalled_after)
        if stored.job.status is not Status.SUCCEEDED and stored.job.step <= run.step:
            # Another process ended the job, perhaps before its circuits were placed.
            await self._cancel(run)

    async def _advance(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus]
    ) -> tuple[Stored, Run] | None:
        """Place the next step and return it, or end the job and return None."""
        failed = next((status for status in statuses if status.ended_badly), None)
        if failed is not None:
            # What still runs of the step is not needed any more, and may cost.
            await self._cancel(run)
            reason = failed.failure or f"The provider's job ended as {failed.phase}."
            await self.conclude.fail(stored, ProviderRejectedError(reason), run)
            return None
        outcomes = await asyncio.gather(
            *(self.provider.counts(run.target.id, one) for one in run.ids)
        )
        algorithm, state = run.job.algorithm, run.plan.state
        following = await self.algorithms.resume(algorithm, run.inputs, state, outcomes)
        if isinstance(following, Finish):
            await self.conclude.succeed(stored, following.result, LastRun(run, outcomes, statuses))
            return None
        if run.step + 1 == _MOST_STEPS:
            raise AlgorithmError(f"The algorithm did not finish within {_MOST_STEPS} steps.")
        further = await self.place(replace(run, step=run.step + 1, plan=following))
        return await self._note(stored, further, (), self.stalled_after), further

    async def _withdraw(self, stored: Stored, run: Run) -> None:
        await self._cancel(run)
        by_caller = stored.job.status is Status.CANCELING
        await self.conclude.cancel(stored, None if by_caller else DeadlineExceededError(), run)

    async def _cancel(self, run: Run) -> None:
        await asyncio.gather(*(self.provider.cancel(run.target.id, one) for one in run.ids))

    def _must_stop(self, job: Job) -> bool:
        return job.status is Status.CANCELING or job.is_past_deadline(self.clock.now())

    def _is_far_off(self, job: Job, run: Run, since: datetime) -> bool:
        now = self.clock.now()
        expected = job.estimated_completion or since + timedelta(seconds=run.target.queue_seconds)
        return now - since >= self.patience or expected - now > self.patience

    async def _put_back(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus], visits: int
    ) -> None:
        now, queue = self.clock.now(), timedelta(seconds=run.target.queue_seconds)
        expected = stored.job.estimated_completion or now + queue
        delay = schedule.next_visit(now, expected, visits)
        if stored.job.deadline is not None:
            delay = min(delay, max(0.0, (stored.job.deadline - now).total_seconds()))
        within = timedelta(seconds=delay) + self.stalled_after
        stored = await self._note(stored, run, statuses, within)
        if stored.job.final or stored.job.status is Status.CANCELING:
            await self._withdraw(stored, run)
        else:
            await self.queue.send(replace(stored.job.message(), visits=visits + 1), delay)

    async def _note(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus], within: timedelta
    ) -> Stored:
        """Record that the run is at the provider, and how many of its circuits are done."""
        circuits = len(run.plan.programs)
        done = sum(status.ended_well for status in statuses)
        running = done > 0 or any(status.phase is Phase.RUNNING for status in statuses)

        def move(job: Job) -> Job | None:
            if job.final or job.status is Status.CANCELING or job.step > run.step:
                return None
            now = self.clock.now()
            if not (job.placed and job.step == run.step):
                job = job.submitted(now, run.target, run.step, circuits, within)
            return job.progressed(now, done, running=running, within=within)

        return await save_change(self.jobs, stored, move)


def _settled(statuses: Sequence[ProviderStatus]) -> bool:
    """Say whether a step is over: all of it ended well, or some of it badly."""
    ended_well = all(status.ended_well for status in statuses)
    return ended_well or any(status.ended_badly for status in statuses)
