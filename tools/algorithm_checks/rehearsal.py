"""Runs an example through the engine's adapters (`qjobs/adapters`), without queue and storage."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from qiskit.circuit.library import get_standard_gate_name_mapping

from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program
from qjobs.domain.errors import AlgorithmError, QJobsError
from qjobs.domain.execution import Execution
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.plan import Plan, ProviderJob
from qjobs.domain.run import Run
from qjobs.domain.target import TargetRequest, mode_of
from qjobs.domain.target_choice import TargetChoice
from qjobs.methods.evidence import without_times
from qjobs.ports import AlgorithmRunner
from tools.algorithm_checks.estimate import FaultTolerant, fault_tolerant
from tools.algorithm_checks.example import Example

type Provider = Callable[[Sequence[ProviderJob]], Awaitable[list[Counts]]]
"""What runs the jobs of a step."""

_NO_GATES = ("measure", "reset", "barrier")


@dataclass(frozen=True, slots=True)
class Step:
    """One step that ran: its circuits, and the counts of each."""

    run: Run
    outcomes: Sequence[Counts]

    @property
    def programs(self) -> Sequence[tuple[Program, int]]:
        """Each circuit with its shots, as the algorithm asked for them."""
        plan = self.run.plan
        return list(zip(plan.programs, plan.shots_of(self.run.job.shots), strict=True))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Steps and result of one example."""

    example: Example
    steps: tuple[Step, ...]
    result: JSONObject | None
    failure: str | None
    """Why there is no result."""
    trace: str | None = None
    """The traceback in the process of the algorithm, if it raised an exception."""

    @property
    def programs(self) -> list[Program]:
        """Every circuit of every step."""
        return [program for step in self.steps for program in step.run.plan.programs]

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
        return gates_of(self.programs)

    @property
    def entangling_gates(self) -> int:
        """The number of gates on several qubits, which matter most for the noise of a circuit."""
        return entangling(self.gates)

    def fault_tolerant(self) -> FaultTolerant | None:
        """Estimate the circuit that takes the most on a fault-tolerant computer."""
        # Steps of an iteration often repeat a circuit.
        estimates = [fault_tolerant(text) for text in {program.text for program in self.programs}]
        known = [one for one in estimates if one]
        return max(known, key=lambda one: (one.qubits, one.nanoseconds), default=None)


def gates_of(programs: Sequence[Program]) -> Counter[str]:
    """Return the number of each gate in all *programs* together."""
    counted = Counter[str]()
    for program in programs:
        counted.update(program.gates)
    for name in _NO_GATES:
        del counted[name]
    return counted


def entangling(gates: Counter[str]) -> int:
    """Return the number of those gates that are on several qubits."""
    sizes = get_standard_gate_name_mapping()
    return sum(
        count for name, count in gates.items() if name in sizes and sizes[name].num_qubits > 1
    )


@dataclass(frozen=True, slots=True)
class Twice:
    """An `AlgorithmRunner` that computes every step in two processes, as a crash may require."""

    first: AlgorithmRunner
    second: AlgorithmRunner

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered.

        Raises:
            AlgorithmError: it is another the second time.

        """
        return _same(
            algorithm,
            await self.first.start(algorithm, inputs),
            await self.second.start(algorithm, inputs),
        )

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered.

        Raises:
            AlgorithmError: it is another the second time.

        """
        return _same(
            algorithm,
            await self.first.resume(algorithm, inputs, state, outcomes),
            await self.second.resume(algorithm, inputs, state, outcomes),
        )


def _same(algorithm: str, first: Plan | Finish, second: Plan | Finish) -> Plan | Finish:
    if _timeless(first) != _timeless(second):
        raise AlgorithmError(
            f"{algorithm} decides otherwise when the same step is computed again: let every choice "
            "follow from the input, its seed and the state."
        )
    return first


def _timeless(decision: Plan | Finish) -> Plan | Finish:
    if isinstance(decision, Finish):
        return Finish(without_times(decision.result))
    return replace(decision, best=decision.best and without_times(decision.best))


async def rehearse(
    example: Example, algorithms: AlgorithmRunner, provider: Provider, target: str
) -> Rehearsal:
    """Run *example* to its end at a *target*, by its id, with the shots that its steps ask for."""
    steps: list[Step] = []
    job, job_input, choice = _job(example), JobInput(example.input, {}), _choice(target)
    inputs, algorithm = job_input.inputs(job, choice.facts), example.algorithm
    try:
        decision = await algorithms.start(algorithm, inputs)
        while isinstance(decision, Plan):
            if len(steps) == example.rules.most_steps:
                raise AlgorithmError(
                    f"It asks for more than {len(steps)} steps, the limits.steps of algorithm.json."
                )
            if steps:
                run = steps[-1].run.following(decision)
            else:
                execution = Execution.decide(job, job_input, choice, 0, decision)
                run = Run(job, job_input, 0, decision, execution)
            outcomes = run.outcomes(await provider(run.provider_jobs()))
            steps.append(Step(run, outcomes))
            decision = await algorithms.resume(algorithm, inputs, decision.state, outcomes)
    except QJobsError as error:
        return Rehearsal(example, tuple(steps), None, error.detail, _trace(error))
    return Rehearsal(example, tuple(steps), decision.result, None)


def _trace(error: QJobsError) -> str | None:
    """Return the traceback in the process of the algorithm, without the engine's own frames."""
    lines = "\n".join(getattr(error, "__notes__", ())).splitlines()
    own = (place for place, line in enumerate(lines) if "algorithm.py" in line)
    return "\n".join([*lines[:1], *lines[next(own, 1) :]]) or None


def _job(example: Example) -> Job:
    now = datetime.now(UTC)
    return Job(
        id=str(uuid.uuid4()),
        owner="",
        algorithm=example.algorithm,
        status=Status.QUEUED,
        created_at=now,
        updated_at=now,
        requested_target=TargetRequest(),
        shots=example.shots,
        seed=example.seed,
    )


def _choice(target: str) -> TargetChoice:
    return TargetChoice(
        target,
        target.partition(".")[0],
        mode_of(target),
        "It is named.",
        facts=target_facts().get(target),
    )
