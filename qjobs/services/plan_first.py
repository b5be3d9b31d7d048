"""The first step of a job: its circuits, and the target that runs them."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Finish
from qjobs.domain.execution import Execution
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.plan import Plan
from qjobs.domain.run import Run
from qjobs.domain.target_choice import TargetChoice
from qjobs.ports import AlgorithmRunner, Catalogue
from qjobs.services.choose import Choose


@dataclass(frozen=True, slots=True)
class PlanFirst:
    """Build the first step of a job for a target that can run it."""

    catalogue: Catalogue
    algorithms: AlgorithmRunner
    choose: Choose

    async def __call__(self, job: Job, job_input: JobInput) -> Run | Finish:
        """Return the first step; the result if the algorithm needs no step.

        An algorithm may make its circuits for the target, and the target has to fit them: so it
        starts again for the next choice, until both agree. A target that was left is not chosen
        again, whatever the circuits for another one are.

        Raises:
            RequestError: the algorithm cannot compute the input, or no target fits.
            PermanentError: the algorithm failed.

        """
        target, left = await self.choose(job, job_input), set[str]()
        while True:
            inputs = job_input.inputs(job, target.facts)
            plan = await self.algorithms.start(job.algorithm, inputs)
            if isinstance(plan, Finish):
                return plan
            fitting = await self.choose(job, job_input, plan, left)
            if fitting.facts == target.facts:
                return self._run(job, job_input, plan, fitting)
            left.add(target.id)
            target = fitting

    def _run(self, job: Job, job_input: JobInput, plan: Plan, target: TargetChoice) -> Run:
        loops = self.catalogue.submission_rules(job.algorithm).most_steps > 1
        execution = Execution.decide(job, job_input, target, job.step, plan, loops=loops)
        return Run(job, job_input, job.step, plan, execution)
