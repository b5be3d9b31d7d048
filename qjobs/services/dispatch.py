"""Dispatch: turns an accepted job into circuits at the provider, and follows a quick one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import BudgetExceededError, DeadlineExceededError
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.messages import Message
from qjobs.domain.run import Run
from qjobs.domain.step_document import WITHDRAWN, step_name, stored_run
from qjobs.ports import Clock, Documents, JobStore, Stored
from qjobs.services.conclude import Conclude
from qjobs.services.place_first import PlaceFirst
from qjobs.services.plan_first import PlanFirst
from qjobs.services.track import STEP_IN_PLACE, Track
from qjobs.telemetry import PLACEMENT, Telemetry


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Start a job: build its circuits, choose its target, place its first step."""

    jobs: JobStore
    documents: Documents
    plan_first: PlanFirst
    clock: Clock
    place: PlaceFirst
    track: Track
    conclude: Conclude
    telemetry: Telemetry

    async def __call__(self, message: Message) -> None:
        """Start the job of *message*, or resume it where an earlier attempt stopped.

        Raises:
            RequestError: the algorithm cannot compute the input, or no target fits.
            PermanentError: the algorithm or the provider failed.
            StepWithdrawnError: the job has ended meanwhile.

        """
        await self.advance(*await self.jobs.read(message.owner, message.job_id), message)

    async def advance(
        self,
        stored: Stored,
        content: JSONObject,
        message: Message,
        longest_step: timedelta = STEP_IN_PLACE,
    ) -> None:
        """Start a job that is at hand with its content; follow its steps so long in place.

        Raises:
            RequestError: the algorithm cannot compute the input, or no target fits.
            PermanentError: the algorithm or the provider failed.
            StepWithdrawnError: the job has ended meanwhile.

        """
        job = stored.job
        if job.placed or job.final or job.status is Status.CANCELING:
            await self.track(message)
        elif job.visits > message.visits:
            return
        elif job.is_past_deadline(self.clock.now()):
            await self.track.cancel(stored, DeadlineExceededError())
        else:
            run = await self._run(stored, JobInput.of(content), message)
            if run is not None:
                run = await self.place(run)
                waited = max(0.0, (self.clock.now() - job.created_at).total_seconds())
                self.telemetry.record(PLACEMENT, waited, {"qjobs.target.id": run.target.id})
                await self.track.follow(stored, run, message, longest_step)

    async def _run(self, stored: Stored, job_input: JobInput, message: Message) -> Run | None:
        """Return the first step; None if the algorithm needed none and the job has ended."""
        job = stored.job
        run = await self._placed_before(job, job_input) if message.attempt > 0 else None
        if run is not None:
            return run
        first = await self.plan_first(job, job_input)
        if isinstance(first, Finish):
            await self.conclude.succeed(stored, first.result, last=None)
            return None
        if overrun := first.overrun:
            raise BudgetExceededError(overrun)
        return first

    async def _placed_before(self, job: Job, job_input: JobInput) -> Run | None:
        """Return the run that an earlier attempt stored, which spares computing it again."""
        document = await self.documents.get(job.owner, job.id, step_name(job.step))
        if document is None or document == WITHDRAWN:
            return None
        return stored_run(job, job_input, job.step, document)
