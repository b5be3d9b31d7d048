"""The estimate of a job: its circuits are built, and nothing is submitted."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import NoSuitableTargetError, RequestError, SpendingLimitError
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
from qjobs.domain.target_facts import Kind, TargetFacts
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
            # Of no target if none was found, so of those that nothing is known of.
            known: _Workloads = {_group(choice.facts if choice else None): workload}
            targets = await self.provider.targets()
            every = [await self._at(target, job, checked, known) for target in targets]
        return Estimate(algorithm, workload, submission.target, choice, refusal, every)

    async def _at(
        self, target: Target, job: Job, checked: CheckedSubmission, known: _Workloads
    ) -> TargetEstimate:
        """Return the estimate at a target, with the circuits that are made for its kind."""
        needs, facts = checked.rules.needs, target.facts
        if reason := misfit(target, needs):
            return TargetEstimate(target, reason, None)
        group = _group(facts)
        if group not in known:
            try:
                first = await self.algorithms.start(
                    job.algorithm, checked.job_input.inputs(job, facts)
                )
                known[group] = _workload(first, checked)
            except RequestError as error:
                known[group] = error
        workload = known[group]
        if isinstance(workload, RequestError):
            return TargetEstimate(target, workload.message, None)
        if reason := misfit(target, needs.of(workload.programs)):
            return TargetEstimate(target, reason, None)
        mitigated = mitigates_errors(checked.submission.options)
        step = cost_of(facts, workload.runs, mitigated=mitigated) if facts else None
        return TargetEstimate(target, None, estimated_cost(step, workload.steps))

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


type _Group = tuple[Kind, bool, bool] | None
type _Workloads = dict[_Group, Workload | RequestError]


def _group(facts: TargetFacts | None) -> _Group:
    """Return the properties of a target that algorithms make their circuits by."""
    if facts is None:
        return None
    return facts.kind, facts.noisy, bool(facts.price and facts.price.items)


def _workload(first: Run | Finish | Plan, checked: CheckedSubmission) -> Workload:
    shots, most = checked.submission.shots, checked.rules.most_steps
    if isinstance(first, Finish):
        return Workload((), shots, Quantity(0, 0))
    if isinstance(first, Plan):
        return Workload.of(first, shots, most)
    facts = first.target.facts
    return Workload.of(first.plan, shots, most, facts.largest_shots if facts else None)
