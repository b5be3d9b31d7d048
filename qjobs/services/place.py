"""Put the circuits of one step at the provider, exactly once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from qjobs.domain.job import Job, Status
from qjobs.domain.plan import ProviderJob
from qjobs.domain.run import Run, plan_of, step_document, step_name
from qjobs.domain.target import TargetChoice, choose
from qjobs.ports import Clock, Documents, JobStore, QuantumProvider, Stored
from qjobs.services.changes import change

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Submit the programs of a step under their derived ids."""

    jobs: JobStore
    documents: Documents
    provider: QuantumProvider
    clock: Clock
    stalled_after: timedelta

    async def __call__(self, stored: Stored, run: Run) -> tuple[Stored, Run]:
        """Return the job as it is afterwards, and the run that is at the provider.

        The run differs from the one given if an earlier attempt has stored the step's programs:
        those are the ones that count. If the job was canceled meanwhile, what was submitted is
        withdrawn again. The step is written to the job's record last, so that a crash before
        repeats the previous step's resume, or the start, and ends up here again.

        Raises:
            NoSuitableTargetError: no target of the workspace fits.
            PermanentError: the provider refuses a program.

        """
        job = stored.job
        target = job.target or choose(
            job.requested_target, await self.provider.targets(), run.plan.qubits
        )
        name = step_name(run.step)
        if not await self.documents.put(job.owner, job.id, name, step_document(run.plan)):
            earlier = await self.documents.get(job.owner, job.id, name)
            run = replace(run, plan=plan_of(earlier)) if earlier else run
        programs = _provider_jobs(job, run, target)
        await asyncio.gather(*(self.provider.submit(program) for program in programs))

        def move(job: Job) -> Job | None:
            there = job.placed and job.step >= run.step
            if there or job.final or job.status is Status.CANCELING:
                return None
            return job.submitted(
                self.clock.now(), target, run.step, len(programs), self.stalled_after
            )

        stored = await change(self.jobs, stored, move)
        if stored.job.status in {Status.CANCELING, Status.CANCELED}:
            await asyncio.gather(*(self.provider.cancel(one) for one in run.ids))
        _log.info(
            "Job %s, step %d: %d circuits at %s",
            job.id,
            run.step,
            len(programs),
            target.id,
            extra={"action": "step_placed"},
        )
        return stored, run


def _provider_jobs(job: Job, run: Run, target: TargetChoice) -> list[ProviderJob]:
    return [
        ProviderJob(
            id=provider_id,
            name=f"{job.algorithm} {job.id}",
            target=target.id,
            provider=target.provider,
            program=program,
            shots=job.shots,
            seed=job.seed,
            options=run.options,
        )
        for provider_id, program in zip(run.ids, run.plan.programs, strict=True)
    ]
