"""The tool that `make fuzz` runs notices what it is there to notice."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import cos
from random import Random

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed
from azure_quantum_emulator.targets.usage import Usage
from tools.fuzz import comparison, ionq, mutants, quil, quil_reader, states
from tools.fuzz.__main__ import main
from tools.fuzz.case import Verdict
from tools.fuzz.mutation import mutated
from tools.fuzz.reference import Reference
from tools.fuzz.session import PROGRAMS, Result, Session, totals
from tools.fuzz.states import Assign, Gate, If, Measure, Record, Reset, distribution

X, H = states.FIXED["x"], states.FIXED["h"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([Gate(X, (0,)), Measure(0, 1)], {(0, 1): 1}),
        ([Gate(H, (0,)), Gate(states.FIXED["cx"], (0, 1))], {(0, 0): 1}),
        (
            [Gate(H, (0,)), Gate(states.FIXED["cx"], (0, 1)), Measure(0, 0), Measure(1, 1)],
            {(0, 0): 0.5, (1, 1): 0.5},
        ),
        ([Gate(X, (0,)), Measure(0, 0), Reset(0), Measure(0, 1)], {(1, 0): 1}),
        ([Gate(X, (1,)), Measure(1, None), Measure(1, 0)], {(1, 0): 1}),
        (
            [
                Gate(H, (0,)),
                Measure(0, 0),
                If(lambda bits: bits[0] == 1, (Gate(X, (1,)),)),
                Measure(1, 1),
            ],
            {(0, 0): 0.5, (1, 1): 0.5},
        ),
        ([Gate(X, (0,)), Measure(0, 0), Assign(lambda bits: (0, bits[0]))], {(0, 1): 1}),
        (
            [Gate(X, (0,)), Measure(0, 0), Record(0), Reset(0), Measure(0, 0), Record(0)],
            {(1, 0): 1},
        ),
        ([Gate(states.rotation("X", 1.0), (0,)), Measure(0, 0)], {(0, 0): cos(0.5) ** 2}),
    ],
)
def test_the_oracle_is_right(
    steps: list[states.Step], expected: dict[tuple[int, ...], float]
) -> None:
    """Measurements, resets, conditions, assignments and records are as on paper."""
    found = distribution(2, 2, steps)

    for output, share in expected.items():
        assert found[output] == pytest.approx(share)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", [*states.FIXED, *states.ROTATIONS])
def test_the_gates_are_those_of_qiskit(name: str) -> None:
    """Each matrix was written by hand; here it is compared, up to the order of the qubits."""
    fixed = name in states.FIXED
    matrix = states.FIXED[name] if fixed else states.rotation(states.ROTATIONS[name], 0.7)
    qubits = len(matrix).bit_length() - 1
    circuit = QuantumCircuit(qubits)
    getattr(circuit, name)(*([] if fixed else [0.7]), *range(qubits))

    assert np.allclose(Operator(circuit).reverse_qargs().data, matrix)


def test_random_unitaries_are_unitary() -> None:
    """A gate that is none would be refused."""
    for qubits in (1, 2):
        assert Operator(states.random_unitary(Random(1).random, qubits)).is_unitary()


@pytest.mark.parametrize("wrong", [0.05, 0.2])
def test_a_small_difference_is_found_and_chance_is_not(wrong: float) -> None:
    """Of 200 right samples none is called wrong; one that is off by a twentieth always is."""
    numbers = np.random.default_rng(5)
    exact = dict(enumerate([0.5, 0.3, 0.15, 0.0499, 0.0001]))
    shares = np.array([*exact.values()])
    off = shares + np.array([wrong, -wrong, 0, 0, 0])
    for _ in range(200):
        right = Counter(numbers.choice(5, 20_000, p=shares).tolist())
        other = Counter(numbers.choice(5, 20_000, p=off).tolist())
        assert comparison.differs(right, exact) is None
        assert (
            comparison.differ(right, Counter(numbers.choice(5, 5_000, p=shares).tolist())) is None
        )
        assert comparison.differs(other, exact)
        assert comparison.differ(other, right)


def test_what_is_impossible_is_wrong_at_once() -> None:
    """One shot of probability zero is enough."""
    assert "probability 0" in str(comparison.differs({"00": 999, "01": 1}, {"00": 1.0}))


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_case_repeats(kind: str) -> None:
    """A failure can be looked into with its seed and its number alone."""
    first, again = (PROGRAMS[kind](Random("1:x:7")) for _ in range(2))
    assert first.task == again.task
    assert first.show() == again.show()


def test_programs_are_of_many_kinds() -> None:
    """A generator that always writes the same finds nothing."""
    tasks = [PROGRAMS[kind](Random(number)).task for kind in PROGRAMS for number in range(5)]
    assert len({task.source for task in tasks if task}) > 20
    assert {task.input_format for task in tasks if task} == {
        "qir.v1",
        "ionq.circuit.v1",
        "honeywell.openqasm.v1",
        "rigetti.quil.v1",
    }


def test_mutants_are_others() -> None:
    """Most differ from their program, and many are still programs."""
    sources = [mutants.mutant(Random(number)).source for number in range(30)]
    assert len(set(sources)) > 25
    programs = [mutants.SOURCES[name](Random(7)).task for name in mutants.SOURCES]
    changed = [
        mutated(Random(n), task.source) != task.source
        for n in range(9)
        for task in programs
        if task
    ]
    assert sum(changed) > len(changed) * 2 / 3


def test_a_wrong_count_is_found() -> None:
    """A hundredth of a share is too much where they are exact."""
    case = ionq.case(Random(3))
    program = json.loads(case.show())
    exact = ionq.exact_histogram(program)
    assert exact is not None
    shifted = {state: share + 0.01 * (state == min(exact)) for state, share in exact.items()}

    right = case.judge(Completed(json.dumps({"histogram": exact}).encode(), Usage(1)))
    wrong = case.judge(Completed(json.dumps({"histogram": shifted}).encode(), Usage(1)))

    assert right == (Verdict.RIGHT, "")
    assert wrong[0] is Verdict.WRONG
    assert case.judge(JobError("X", "refused"))[0] is Verdict.WRONG


class Scripted:
    """Stands in for worker processes: each program ends in the next of these ways."""

    def __init__(self, *ends: BaseException | Completed | JobError) -> None:
        self._ends = list(ends)

    @asynccontextmanager
    async def idle(self) -> AsyncIterator[None]:
        """There is always one."""
        yield

    async def run(self, *_: object) -> Completed | JobError:
        """Come to the next end."""
        end = self._ends.pop(0)
        if isinstance(end, BaseException):
            raise end
        return end


REFUSED, RAN = JobError("InvalidInputData", "no"), Completed(b"same", Usage(1))


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ([REFUSED, RAN], Verdict.REFUSED),
        ([JobError("WorkerDied", "gone"), RAN], Verdict.CRASHED),
        ([JobError("ProgramLimitExceeded", "late"), RAN], Verdict.LIMITED),
        ([TimeoutError()], Verdict.HUNG),
        ([RuntimeError("unpicklable")], Verdict.INTERNAL),
        ([JobError("InternalError", "The emulator has a fault"), RAN], Verdict.INTERNAL),
        ([REFUSED, REFUSED], Verdict.HARMED),
        ([REFUSED, TimeoutError()], Verdict.HARMED),
    ],
)
def test_a_mutant_is_judged_by_how_it_ends(
    ends: list[BaseException | Completed | JobError], verdict: Verdict
) -> None:
    """It may be refused, or end itself; it must not hang, or be called a fault, or harm others."""
    session, task = Session(1, 1), mutants.mutant(Random(1))

    async def judged() -> Verdict:
        with Reference() as reference:
            return (await session.mutant_judgement(Scripted(*ends), task, reference))[0]  # type: ignore[arg-type]

    found = asyncio.run(judged())
    assert found is verdict
    failures = {Verdict.HUNG, Verdict.INTERNAL, Verdict.HARMED}
    assert found.is_failure is (verdict in failures)


def test_a_job_with_other_shots_than_before_was_harmed() -> None:
    """The job behind a mutant gives the same each time, or something is left of the mutant."""
    session, task = Session(1, 1), mutants.mutant(Random(1))
    ends = (REFUSED, RAN, REFUSED, Completed(b"other", Usage(1)))
    workers = Scripted(*ends)

    async def judged() -> list[Verdict]:
        with Reference() as reference:
            return [
                (await session.mutant_judgement(workers, task, reference))[0]  # type: ignore[arg-type]
                for _ in range(2)
            ]

    assert asyncio.run(judged()) == [Verdict.REFUSED, Verdict.HARMED]


@pytest.mark.parametrize("number", range(20))
def test_the_second_reader_of_quil_agrees_with_the_generator(number: int) -> None:
    """Both write down what a program means; neither knows of the other."""
    case = quil.case(Random(number))
    assert case.task is not None
    theta = case.task.input_params["substitutions"]["theta"][0][0]
    exact = quil_reader.read(case.task.source.decode(), theta)
    shots = Random(number).choices([*exact], [*exact.values()], k=2000)
    bits = [[*shot] for shot in shots]
    sizes = [int(size) for size in re.findall(r"BIT\[(\d)\]", case.show())]
    output = {
        name: [shot[sum(sizes[:n]) : sum(sizes[: n + 1])] for shot in bits]
        for n, name in enumerate(["ro", "more"])
    }

    assert case.judge(Completed(json.dumps(output).encode(), Usage(1))) == (Verdict.RIGHT, "")


@pytest.mark.parametrize(
    "line",
    ["H 9", "RX(1/0) 0", "RX(i) 0", "NOPE 0", "CNOT 0 0", "RX(theta[1]) 0", "MEASURE 0 x[0]"],
)
def test_the_second_reader_has_no_opinion_on_what_it_does_not_know(line: str) -> None:
    """It raises, and so the mutant is left unjudged."""
    with pytest.raises((ValueError, LookupError, ArithmeticError)):
        quil_reader.read(f"DECLARE ro BIT[1]\nDECLARE theta REAL[1]\n{line}\n", 0.5)


def test_the_command_tells_failures_with_what_repeats_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code says that there are some, and a line of each says how to see it again."""

    async def run(self: Session, cases: object, tell: object) -> None:
        tell(Result("quil", 7, Verdict.WRONG, "chi-square", str))  # type: ignore[operator]
        tell(Result("quil", 8, Verdict.RIGHT, "", str))  # type: ignore[operator]

    monkeypatch.setattr(Session, "run", run)

    assert main(["quil", "--seed", "5"]) == 1
    printed = capsys.readouterr().out
    assert "WRONG: chi-square" in printed
    assert "make fuzz ARGS='quil --seed 5 --case 7'" in printed
    assert "1 failures" in printed


@pytest.mark.parametrize("arguments", [["--help"], ["nonsense"], ["--number", "x"]])
def test_the_command_explains_itself(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks, and who mistypes, reads which kinds there are."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == (0 if arguments == ["--help"] else 2)
    output = capsys.readouterr()
    assert "KIND" in output.out + output.err


def test_figures_are_told_by_kind() -> None:
    """Every verdict of every kind is in them."""
    tally = Counter({("quil", Verdict.RIGHT): 3, ("mutants", Verdict.HUNG): 1})

    assert totals(tally).splitlines() == [
        "     3 quil      3 right",
        "     1 mutants   1 HUNG",
        "1 failures",
    ]
