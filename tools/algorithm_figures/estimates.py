"""The estimates of examples: circuits, shots and costs, without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qiskit import QuantumCircuit

from qjobs.adapters.qiskit_algorithms import load, lower
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Execute, Inputs, Program
from qjobs.domain.errors import RequestError
from qjobs.domain.estimate import EstimatedCost, Workload, estimated_cost
from qjobs.domain.options import mitigates_errors
from qjobs.domain.plan import Plan
from qjobs.domain.price import cost_of
from qjobs.domain.target_choice import Needs, misfit
from qjobs.domain.target_facts import Kind, TargetFacts
from tools.algorithm_checks.cost import target_of
from tools.algorithm_checks.example import Example
from tools.algorithm_checks.simulator import NOISELESS


@dataclass(frozen=True, slots=True)
class CostAt:
    """The cost of an example at a target."""

    target: str
    cost: EstimatedCost | None
    """None if it does not run there, or no formula says it beforehand."""
    reason: str | None
    """Why there is none."""


@dataclass
class Estimator:
    """Estimates one example at several targets, and lowers equal circuits once."""

    example: Example
    _lowered: list[tuple[Sequence[QuantumCircuit | Program], tuple[Program, ...]]] = field(
        default_factory=list
    )

    def workload(self, facts: TargetFacts | None = None) -> Workload | None:
        """Return the workload at a target, the noiseless simulator by default; None without any.

        Raises:
            RequestError: the algorithm refuses the example there.

        """
        example = self.example
        facts = facts or target_facts()[NOISELESS]
        inputs = Inputs(example.input, example.shots, example.seed, facts)
        step = load(example.algorithm).start(inputs)
        if not isinstance(step, Execute):
            return None
        shots = (step.shots,) * len(step.circuits) if isinstance(step.shots, int) else step.shots
        plan = Plan(self._programs(step.circuits), {}, tuple(shots or ()), step.progress)
        return Workload.of(plan, example.shots, example.rules.most_steps, facts.largest_shots)

    def costs(self) -> Iterator[CostAt]:
        """Yield the cost at every target with a published price that executes circuits."""
        for name, facts in target_facts().items():
            executes = facts.kind is not Kind.SYNTAX_CHECKER and Needs().format in facts.formats
            if facts.price is not None and executes:
                yield self._at(name, facts)

    def _at(self, name: str, facts: TargetFacts) -> CostAt:
        try:
            workload = self.workload(facts)
        except RequestError as error:
            return CostAt(name, None, error.detail)
        if workload is None:
            return CostAt(name, None, "no circuit")
        needs = self.example.rules.needs.of(workload.programs)
        if reason := misfit(target_of(name, facts), needs):
            return CostAt(name, None, reason.replace(name, "it"))
        step = cost_of(facts, workload.runs, mitigated=mitigates_errors({}))
        return CostAt(name, estimated_cost(step, workload.steps), None if step else "by time")

    def _programs(self, circuits: Sequence[QuantumCircuit | Program]) -> tuple[Program, ...]:
        for known, programs in self._lowered:
            if list(known) == list(circuits):
                return programs
        programs = tuple(one if isinstance(one, Program) else lower(one) for one in circuits)
        self._lowered.append((circuits, programs))
        return programs
