"""Runs an example through the engine's adapters (`qjobs/adapters`), without queue and storage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from qiskit.circuit.library import get_standard_gate_name_mapping

from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program
from qjobs.domain.errors import AlgorithmError, QJobsError
from qjobs.domain.plan import Plan
from qjobs.ports import AlgorithmRunner
from tools.algorithm_checks.estimate import FaultTolerant, fault_tolerant
from tools.algorithm_checks.example import Example

type Provider = Callable[[Sequence[Program], Inputs], Awaitable[list[Counts]]]
"""What runs the programs of a step."""

_NO_GATES = ("measure", "reset", "barrier")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Steps and result of one example."""

    example: Example
    steps: tuple[Plan, ...]
    result: JSONObject | None
    failure: str | None
    """Why there is no result."""

    @property
    def programs(self) -> list[Program]:
        """Every circuit of every step."""
        return [program for step in self.steps for program in step.programs]

    @property
    def qubits(self) -> int:
        """The qubits of the largest circuit."""
        return max((program.qubits for program in self.programs), default=0)

    @property
    def depth(self) -> int:
        """The depth of the deepest circuit."""
        return max((program.depth or 0 for program in self.programs), default=0)

    @property
    def gates(self) -> Counter[str]:
        """The number of each gate in all circuits together."""
        counted = Counter[str]()
        for program in self.programs:
            counted.update(program.gates)
        for name in _NO_GATES:
            del counted[name]
        return counted

    @property
    def entangling_gates(self) -> int:
        """The number of gates on several qubits, which matter most for the noise of a circuit."""
        sizes = get_standard_gate_name_mapping()
        return sum(
            count
            for name, count in self.gates.items()
            if name in sizes and sizes[name].num_qubits > 1
        )

    def fault_tolerant(self) -> FaultTolerant | None:
        """Estimate the circuit that takes the most on a fault-tolerant computer."""
        # Steps of an iteration often repeat a circuit.
        estimates = [fault_tolerant(text) for text in {program.text for program in self.programs}]
        known = [one for one in estimates if one]
        return max(known, key=lambda one: (one.qubits, one.nanoseconds), default=None)


async def _twice(algorithm: str, decide: Callable[[], Awaitable[Plan | Finish]]) -> Plan | Finish:
    """Return a decision that is the same when it is asked for again, as after a crash.

    Raises:
        AlgorithmError: it is another.

    """
    decision = await decide()
    if await decide() != decision:
        raise AlgorithmError(
            f"{algorithm} decides otherwise when the same step is computed again: let every choice "
            "follow from the input, its seed and the state."
        )
    return decision


async def rehearse(example: Example, algorithms: AlgorithmRunner, provider: Provider) -> Rehearsal:
    """Run *example* to its end."""
    steps: list[Plan] = []
    try:
        start = partial(algorithms.start, example.algorithm, example.inputs)
        decision = await _twice(example.algorithm, start)
        while isinstance(decision, Plan):
            steps.append(decision)
            if len(steps) > example.most_steps:
                raise AlgorithmError(
                    f"It did not finish within {example.most_steps} steps; write limits.steps of "
                    "algorithm.json, by which its jobs are estimated."
                )
            outcomes = await provider(decision.programs, example.inputs)
            resume = partial(
                algorithms.resume, example.algorithm, example.inputs, decision.state, outcomes
            )
            decision = await _twice(example.algorithm, resume)
    except QJobsError as error:
        return Rehearsal(example, tuple(steps), None, error.detail)
    return Rehearsal(example, tuple(steps), decision.result, None)
