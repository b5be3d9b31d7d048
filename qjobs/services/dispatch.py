"""Dispatch: turns an accepted job into circuits at the provider, and follows a quick one."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Finish, Inputs
from qjobs.domain.errors import DeadlineExceededError
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.messages import Message
from qjobs.domain.plan import Plan
from qjobs.domain.run import Run, plan_of, step_name
from qjobs.domain.target import choose_target
from qjobs.ports import AlgorithmRunner, Clock, Documents, JobStore, QuantumProvider
from qjobs.services.conclude import Conclude
from qjobs.services.place import Place
from qjobs.services.track import Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Start a job: build its circuits, choose its target, place its first step."""

    jobs: JobStore
    documents: Documents
    algorithms: AlgorithmRunner
    provider: QuantumProvider
    clock: Clock
    place: Place
    track: Track
    conclude: Conclude

    async def __call__(self, message: Message) -> None:
        """Start the job of *message*, or resume it where an earlier attempt stopped.

        Raises:
            RequestError: the algorithm cannot compute the input, or no target fits.
            PermanentError: the algorithm or the provider failed.

        """
        stored, content = await self.jobs.read(message.owner, message.job_id)
        job = stored.job
        if job.placed:
            await self.track(message)
        elif job.status is Status.CANCELING:
            await self.conclude.cancel(stored)
        elif job.is_past_deadline(self.clock.now()):
            await self.conclude.cancel(stored, DeadlineExceededError())
        elif not job.final:
            job_input = JobInput.of(content)
            plan = await self._plan(job, job_input.inputs(job), message)
            if isinstance(plan, Finish):
                await self.conclude.succeed(stored, plan.result, last=None)
                return
            targets = await self.provider.targets()
            target = choose_target(job.requested_target, targets, plan.qubits)
            run = await self.place(Run(job, job_input, target, job.step, plan))
            await self.track.follow(stored, run)

    async def _plan(self, job: Job, inputs: Inputs, message: Message) -> Plan | Finish:
        if message.attempt > 0:
            step = await self.documents.get(job.owner, job.id, step_name(job.step))
            if step is not None:
                return plan_of(step)
        return await self.algorithms.start(job.algorithm, inputs)
