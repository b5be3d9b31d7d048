"""The estimate of a job: its circuits are built, and nothing is submitted."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import NoSuitableTargetError, SpendingLimitError
from qjobs.domain.estimate import (
    Estimate,
    Quantity,
    TargetEstimate,
    Workload,
    estimated_cost,
)
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.json_values import normalized
from qjobs.domain.options import mitigates_errors
from qjobs.domain.plan import Plan
from qjobs.domain.price import cost_of
from qjobs.domain.run import Run
from qjobs.domain.target import Target
from qjobs.domain.target_choice import misfit
from qjobs.ports import AlgorithmRunner, Clock, QuantumProvider
from qjobs.services.check_submission import CheckedSubmission, CheckSubmission
from qjobs.services.places import working_for
from qjobs.services.plan_first import PlanFirst
from qjobs.services.spending import Spending


@dataclass(frozen=True, slots=True)
class EstimateJob:
    """Estimate a job: its first step is built, and priced at every target of the workspace."""

    check: CheckSubmission
    plan_first: PlanFirst
    spending: Spending
    algorithms: AlgorithmRunner
    provider: QuantumProvider
    clock: Clock

    async def __call__(self, owner: str, algorithm: str, body: JSONObject) -> Estimate:
        """Return the estimate of the job that the same *body* would submit.

        Raises:
            UnknownAlgorithmError: there is no such algorithm.
            InvalidInputError: it names everything that is wrong with *body*.
            RequestError: the algorithm cannot compute the input.
            PermanentError: the algorithm failed.
            TransientError: the targets are not known, or all processes are busy.

        """
        body = normalized(body)
        checked = self.check.body(algorithm, body)
        submission, needs = checked.submission, checked.rules.needs
        if "target" in body:
            await self.check.target(submission.target, needs)
        job = checked.job(owner, algorithm, "", self.clock.now())
        with working_for(owner):
            first, refusal = await self._first(job, checked.job_input)
        if isinstance(first, Run):
            refusal = await self._too_expensive(job, first)
        workload = _workload(first, checked)
        choice = first.target if isinstance(first, Run) else None
        needs = needs.of(workload.programs)
        mitigated = mitigates_errors(submission.options)

        def at(target: Target) -> TargetEstimate:
            reason, facts = misfit(target, needs), target.facts
            step = cost_of(facts, workload.runs, mitigated=mitigated) if facts else None
            cost = None if reason else estimated_cost(step, workload.steps)
            return TargetEstimate(target, reason, cost)

        every = [at(target) for target in await self.provider.targets()]
        return Estimate(algorithm, workload, submission.target, choice, refusal, every)

    async def _too_expensive(self, job: Job, first: Run) -> str | None:
        """Return the reason for which the job would be refused; None if it would not be."""
        if overrun := first.overrun:
            return overrun
        try:
            await self.spending.check_day(job, first)
        except SpendingLimitError as error:
            return error.detail
        return None

    async def _first(self, job: Job, job_input: JobInput) -> tuple[Run | Finish | Plan, str | None]:
        """Return the first step; if no target runs it, as a plan with the reason for that."""
        try:
            return await self.plan_first(job, self.spending.within(job_input)), None
        except NoSuitableTargetError as error:
            return await self.algorithms.start(
                job.algorithm, job_input.inputs(job, None)
            ), error.detail


def _workload(first: Run | Finish | Plan, checked: CheckedSubmission) -> Workload:
    shots, most = checked.submission.shots, checked.rules.most_steps
    if isinstance(first, Finish):
        return Workload((), shots, Quantity(0, 0))
    if isinstance(first, Plan):
        return Workload.of(first, shots, most)
    facts = first.target.facts
    return Workload.of(first.plan, shots, most, facts.largest_shots if facts else None)
