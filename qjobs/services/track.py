"""Follow a step at the provider to its readings, and the job to its next step or its end."""

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
from qjobs.ports import Circuits, Clock, Documents, JobStore, QuantumProvider, Stored, WorkQueue
from qjobs.services.changes import change
from qjobs.services.conclude import Conclude
from qjobs.services.durations import Durations
from qjobs.services.place import Place
from qjobs.services.withdraw import Withdraw

_MOST_STEPS = 1000
"""An algorithm that asks for more has lost its way, at somebody's expense."""
_QUICK = timedelta(seconds=0.5)
"""A job that takes longer gets its record brought up to date while it is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Poll a step: in place while the end is near, else put back with a delay."""

    jobs: JobStore
    documents: Documents
    queue: WorkQueue
    circuits: Circuits
    provider: QuantumProvider
    clock: Clock
    place: Place
    conclude: Conclude
    withdraw: Withdraw
    durations: Durations
    stalled_after: timedelta
    patience: timedelta
    """How long to wait in place before a job is put back."""

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
        written once, at its end. Nothing is lost with a crash before, because whoever repeats the
        work finds the same jobs at the provider.
        """
        since, polls = self.clock.now(), 0
        placed = since
        while not stored.job.final and stored.job.step <= run.step:
            if stored.job.status is Status.CANCELING or stored.job.overran(self.clock.now()):
                await self._withdraw(stored, run)
                return
            if visits == 0 or polls > 0:
                typical = self.durations.typical(run.target.id)
                await self.clock.sleep(schedule.pause(polls, typical))
            polls += 1
            statuses = await asyncio.gather(*map(self.provider.status, run.ids))
            if _settled(statuses):
                if visits == 0:
                    taken = (self.clock.now() - placed).total_seconds()
                    self.durations.observe(run.target.id, taken, polls)
                following = await self._go_on(stored, run, statuses)
                if following is None:
                    return
                stored, run = following
                # It made progress: the next visit need not be later than the last.
                placed, polls, visits, statuses = self.clock.now(), 0, 0, []
            if self._far_off(stored.job, run, since):
                await self._put_back(stored, run, statuses, visits)
                return
            if polls and not stored.job.placed and self.clock.now() - placed > _QUICK:
                stored = await self._record(stored, run, statuses, self.stalled_after)
        if stored.job.status is not Status.SUCCEEDED and stored.job.step <= run.step:
            # Somebody ended the job behind our back, perhaps before its circuits were placed.
            await asyncio.gather(*map(self.provider.cancel, run.ids))

    async def _go_on(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus]
    ) -> tuple[Stored, Run] | None:
        """End the job with what has become of its step, or place the next one."""
        ended_badly = [one for one in statuses if one.over and not one.ended_well]
        if ended_badly:
            await self._fail(stored, run, ended_badly[0])
            return None
        job = stored.job
        outcomes = await asyncio.gather(*map(self.provider.counts, run.ids))
        following = await self.circuits.resume(job.algorithm, run.inputs, run.plan.state, outcomes)
        if isinstance(following, Finish):
            await self.conclude.succeed(stored, following.result, LastRun(run, outcomes, statuses))
            return None
        if run.step + 1 == _MOST_STEPS:
            raise AlgorithmError(f"The algorithm did not finish within {_MOST_STEPS} steps.")
        further = await self.place(replace(run, step=run.step + 1, plan=following))
        return await self._record(stored, further, (), self.stalled_after), further

    async def _withdraw(self, stored: Stored, run: Run) -> None:
        await asyncio.gather(*map(self.provider.cancel, run.ids))
        wished = stored.job.status is Status.CANCELING
        await self.conclude.cancel(stored, None if wished else DeadlineExceededError(), run)

    async def _fail(self, stored: Stored, run: Run, status: ProviderStatus) -> None:
        # What still runs of the step has lost its purpose, and may cost.
        await asyncio.gather(*map(self.provider.cancel, run.ids))
        reason = status.failure or f"The provider's job ended as {status.phase}."
        await self.conclude.fail(stored, ProviderRejectedError(reason), run)

    def _far_off(self, job: Job, run: Run, since: datetime) -> bool:
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
        stored = await self._record(stored, run, statuses, within)
        if stored.job.final or stored.job.status is Status.CANCELING:
            await self._withdraw(stored, run)
        else:
            await self.queue.send(replace(stored.job.message(), visits=visits + 1), delay)

    async def _record(
        self, stored: Stored, run: Run, statuses: Sequence[ProviderStatus], within: timedelta
    ) -> Stored:
        """Write down that the run is at the provider, and how far it is."""
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

        return await change(self.jobs, stored, move)


def _settled(statuses: Sequence[ProviderStatus]) -> bool:
    """Say whether a step is over: all of it ended well, or some of it badly."""
    ended_well = [one.ended_well for one in statuses]
    return all(ended_well) or any(one.over and not one.ended_well for one in statuses)
