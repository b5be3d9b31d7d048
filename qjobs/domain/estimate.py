"""The estimate of a job before it is submitted: its circuits, and its cost and wait anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.domain.algorithm import Program
from qjobs.domain.plan import CircuitSize, Plan
from qjobs.domain.price import Cost, portions
from qjobs.domain.target import Target, TargetRequest
from qjobs.domain.target_choice import TargetChoice


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that depends on how many steps a job takes."""

    planned: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Workload:
    """The circuits of a job: those of its first step, and how often they are run."""

    runs: Sequence[tuple[Program, int]]
    """The circuits of the first step with their shots. A later one is taken to be as large."""
    shots: int
    """Those that the caller asked for, or the algorithm's own."""
    steps: Quantity
    largest_shots: int | None = None
    """The shots that the target takes at once: more run as several circuits."""

    @classmethod
    def of(
        cls, first: Plan, shots: int, most_steps: int, largest_shots: int | None = None
    ) -> Workload:
        """Return the workload of a job by its first step and the limit of its steps."""
        said = first.progress.steps if first.progress else None
        if first.progress and first.progress.most:
            most_steps = min(first.progress.most, most_steps)
        runs = tuple(zip(first.programs, first.shots_of(shots), strict=True))
        steps = Quantity(min(said or most_steps, most_steps), most_steps)
        return cls(runs, shots, steps, largest_shots)

    @property
    def programs(self) -> Sequence[Program]:
        """The circuits of the first step."""
        return [program for program, _ in self.runs]

    @property
    def size(self) -> CircuitSize:
        """The size of the circuits of a step."""
        return CircuitSize.of(self.programs)

    @property
    def gates(self) -> dict[str, int]:
        """The number of each gate in all circuits of a step, by Qiskit's name."""
        return dict(sum((Counter(program.gates) for program in self.programs), Counter()))

    @property
    def circuits(self) -> Quantity:
        """The circuits of all steps, as the provider gets them."""
        parts = (portions(shots, self.largest_shots or shots) for _, shots in self.runs)
        return self._in_all_steps(sum(map(len, parts)))

    @property
    def total_shots(self) -> Quantity:
        """The shots of all circuits of all steps."""
        return self._in_all_steps(sum(shots for _, shots in self.runs))

    def _in_all_steps(self, number: int) -> Quantity:
        return Quantity(number * self.steps.planned, number * self.steps.at_most)


@dataclass(frozen=True, slots=True)
class EstimatedCost:
    """The cost of a job at a target."""

    currency: str
    planned: float
    at_most: float
    """Of the most steps, with the most that each may cost."""
    exact: bool
    """Whether nothing is left open, neither by the formula nor by the number of steps."""


@dataclass(frozen=True, slots=True)
class TargetEstimate:
    """The estimate of a job at one target."""

    target: Target
    misfit: str | None
    """The reason for which the target cannot run the job; None if it can."""
    cost: EstimatedCost | None
    """None if it cannot run it, or no published formula says it before it has run."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of a job: nothing of it is submitted."""

    algorithm: str
    workload: Workload
    requested: TargetRequest
    choice: TargetChoice | None
    """The target that the job would run on now."""
    refusal: str | None
    """The reason for which there is none."""
    targets: Sequence[TargetEstimate]


def estimated_cost(step: Cost | None, steps: Quantity) -> EstimatedCost | None:
    """Return the cost of a job whose every step costs as much as *step*."""
    if step is None:
        return None
    return EstimatedCost(
        step.currency,
        step.times(steps.planned).expected,
        step.times(steps.at_most).at_most,
        exact=step.exact and steps.at_most <= 1,
    )
