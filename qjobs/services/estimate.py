"""The estimate of a job: its circuits are built, and nothing is submitted."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Finish, Inputs, JSONObject
from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.estimate import (
    Estimate,
    Quantity,
    TargetEstimate,
    Workload,
    estimated_cost,
)
from qjobs.domain.json_values import normalized
from qjobs.domain.options import mitigates_errors
from qjobs.domain.price import Cost, cost_of
from qjobs.domain.target import Target
from qjobs.domain.target_choice import choose_target, misfit
from qjobs.domain.target_facts import TargetFacts
from qjobs.ports import AlgorithmRunner, QuantumProvider
from qjobs.services.check_submission import CheckedSubmission, CheckSubmission
from qjobs.services.places import working_for


@dataclass(frozen=True, slots=True)
class EstimateJob:
    """Estimate a job: its first step is built, and priced at every target of the workspace."""

    check: CheckSubmission
    algorithms: AlgorithmRunner
    provider: QuantumProvider

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
        workload = await self._workload(owner, algorithm, checked)
        needs = needs.of(workload.qubits)
        mitigated = mitigates_errors(submission.options)

        def cost_at(facts: TargetFacts) -> Cost | None:
            programs = [(program, workload.shots) for program in workload.programs]
            return cost_of(facts, programs, mitigated=mitigated)

        def at(target: Target) -> TargetEstimate:
            reason = misfit(target, needs)
            step = cost_at(target.facts) if target.facts and reason is None else None
            return TargetEstimate(target, reason, estimated_cost(step, workload.steps))

        targets, choice, refusal = await self.provider.targets(), None, None
        try:
            choice = choose_target(submission.target, targets, needs, cost_at)
        except NoSuitableTargetError as error:
            refusal = error.detail
        every = [at(target) for target in targets]
        return Estimate(algorithm, workload, submission.target, choice, refusal, every)

    async def _workload(self, owner: str, algorithm: str, checked: CheckedSubmission) -> Workload:
        submission = checked.submission
        inputs = Inputs(checked.job_input.input, submission.shots, submission.seed)
        with working_for(owner):
            plan = await self.algorithms.start(algorithm, inputs)
        if isinstance(plan, Finish):
            return Workload((), submission.shots, Quantity(0, 0))
        most = checked.rules.most_steps
        return Workload(plan.programs, submission.shots, Quantity(most, most))
