"""Random programs in QIR: straight lines, and adaptive ones with branches, functions and loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

import pyqir

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed, Task
from tools.fuzz.case import SHOTS, Case, Judgement, Verdict, flat_counts, judge_of
from tools.fuzz.comparison import differs
from tools.fuzz.states import (
    FIXED,
    ROTATIONS,
    Gate,
    If,
    Measure,
    Record,
    Reset,
    Step,
    distribution,
    rotation,
)

_MOST_STEPS = 18
_MOST_MEASUREMENTS = 5
_NOISY_SHOTS = 300
_TOLERATED = 0.3
"""Total variation between 300 shots of a noisy device and the exact distribution: 32 outcomes have
0.13 by chance, errors of some twenty gates and ten measurements 0.05."""
_ADJOINTS = {"s": "sdg", "t": "tdg", "sx": "sxdg"}
_NAMES = {
    f"{name}__body": name for name in ("h", "x", "y", "z", "s", "t", "cx", "cy", "cz", "swap")
}
_NAMES |= {f"{name}__adj": adjoint for name, adjoint in _ADJOINTS.items()}
_NAMES |= {"ccx__body": "ccx", "sx__body": "sx"}
_NOT_WITH_NOISE = ("sx__adj",)
V2 = "microsoft.quantum-results.v2"


class _Writer:
    """Writes a program step by step, both as text and for the oracle."""

    def __init__(self, random: Random, *, adaptive: bool) -> None:
        self._random = random
        self._adaptive = adaptive
        self.qubits, self.results = random.randint(1, 4), random.randint(1, 4)
        self._functions: list[str] = []
        self._declared: dict[str, str] = {}
        self._measured = self._labels = 0

    def program(self) -> tuple[str, dict[tuple[int, ...], float]]:
        """Return the text, and the exact distribution of what is recorded."""
        lines, steps = ["start:"], list[Step]()
        for _ in range(self._random.randint(1, _MOST_STEPS)):
            more, after = self._step()
            lines += more
            steps += after
        for result in range(self._random.randint(0, self.results - 1), self.results):
            more, after = self._measure(self._random.randrange(self.qubits), result)
            lines += more
            steps += after
        recorded = [self._random.randrange(self.results) for _ in range(self._random.randint(1, 5))]
        if self._random.random() < 2 / 3:
            kind = self._random.choice(["array", "tuple"])
            lines.append(
                self._call(f"rt__{kind}_record_output", f"i64 {len(recorded)}", "ptr null")
            )
            # What was recorded before is no part of it, which is a shape that nobody writes.
            steps = [step for step in steps if not isinstance(step, Record)]
            lines = [line for line in lines if "result_record" not in line]
        for result in recorded:
            more, after = self._record(result)
            lines += more
            steps += after
        sizes = f'"required_num_qubits"="{self.qubits}" "required_num_results"="{self.results}"'
        text = "\n".join(
            [
                "define void @main() #0 {",
                *lines,
                "ret void",
                "}",
                *self._functions,
                *self._declared.values(),
                f'attributes #0 = {{ "entry_point" {sizes} }}',
                "",
            ]
        )
        return text, distribution(self.qubits, self.results, steps)

    def _step(self) -> tuple[list[str], list[Step]]:
        choice, random = self._random.random(), self._random
        if choice < 0.15 and self._measured < _MOST_MEASUREMENTS:
            return self._measure(random.randrange(self.qubits), random.randrange(self.results))
        if choice < 0.2:
            qubit = random.randrange(self.qubits)
            return [self._call("qis__reset__body", _qubit(qubit))], [Reset(qubit)]
        if choice < 0.25:
            return self._record(random.randrange(self.results))
        if self._adaptive and choice < 0.4:
            return random.choice([self._branch, self._function, self._loop])()
        return self._gate()

    def _gate(self) -> tuple[list[str], list[Step]]:
        random, angle = self._random, self._random.uniform(-7, 7)
        turned = [(f"{name}__body", rotation(of, angle), True) for name, of in ROTATIONS.items()]
        fixed = [(name, FIXED[of], False) for name, of in _NAMES.items()]
        fitting = [each for each in turned + fixed if len(each[1]) <= 1 << self.qubits]
        if self._adaptive:
            fitting = [each for each in fitting if each[0] not in _NOT_WITH_NOISE]
        name, matrix, has_angle = random.choice(fitting)
        qubits = tuple(random.sample(range(self.qubits), len(matrix).bit_length() - 1))
        angles = [f"double {_double(angle)}"] if has_angle else []
        return [self._call(f"qis__{name}", *angles, *map(_qubit, qubits))], [Gate(matrix, qubits)]

    def _measure(self, qubit: int, result: int) -> tuple[list[str], list[Step]]:
        self._measured += 1
        name = self._random.choice(["m", "mz", "mresetz"])
        steps: list[Step] = [Measure(qubit, result)]
        steps += [Reset(qubit)] * (name == "mresetz")
        return [self._call(f"qis__{name}__body", _qubit(qubit), _result(result))], steps

    def _record(self, result: int) -> tuple[list[str], list[Step]]:
        call = self._call("rt__result_record_output", _result(result), "ptr null")
        return [call], [Record(result)]

    def _branch(self) -> tuple[list[str], list[Step]]:
        number, result = self._number(), self._random.randrange(self.results)
        then, steps = self._gate()
        other, others = self._gate()
        read = self._call("rt__read_result", _result(result), kind="i1")
        lines = [
            f"%b{number} = {read}",
            f"br i1 %b{number}, label %then{number}, label %else{number}",
            *(f"then{number}:", *then, f"br label %end{number}"),
            *(f"else{number}:", *other, f"br label %end{number}", f"end{number}:"),
        ]
        return lines, [
            If(lambda bits: bits[result] == 1, tuple(steps)),
            If(lambda bits: bits[result] == 0, tuple(others)),
        ]

    def _function(self) -> tuple[list[str], list[Step]]:
        number, qubit = self._number(), self._random.randrange(self.qubits)
        if self._random.random() < 1 / 3 and self._measured < _MOST_MEASUREMENTS:
            return self._measuring_function(number, qubit)
        angle = self._random.uniform(-7, 7)
        inner = self._call("qis__ry__body", "double %a", "ptr %q")
        self._functions.append(
            f"define void @f{number}(double %a, ptr %q) {{\n{inner}\nret void\n}}"
        )
        call = f"call void @f{number}(double {_double(angle)}, {_qubit(qubit)})"
        return [call], [Gate(rotation("Y", angle), (qubit,))]

    def _measuring_function(self, number: int, qubit: int) -> tuple[list[str], list[Step]]:
        self._measured += 1
        result = self._random.randrange(self.results)
        lines = [
            f"define void @f{number}(ptr %q, ptr %r) {{",
            self._call("qis__mz__body", "ptr %q", "ptr %r"),
            f"%b = {self._call('rt__read_result', 'ptr %r', kind='i1')}",
            "br i1 %b, label %one, label %end",
            "one:",
            self._call("qis__x__body", "ptr %q"),
            "br label %end",
            "end:",
            "ret void",
            "}",
        ]
        self._functions.append("\n".join(lines))
        call = f"call void @f{number}({_qubit(qubit)}, {_result(result)})"
        return [call], [Measure(qubit, result), Reset(qubit)]

    def _loop(self) -> tuple[list[str], list[Step]]:
        number, turns = self._number(), self._random.randint(1, 4)
        inner, steps = self._gate()
        lines = [
            f"br label %before{number}",
            f"before{number}:",
            f"br label %loop{number}",
            f"loop{number}:",
            f"%n{number} = phi i64 [0, %before{number}], [%next{number}, %loop{number}]",
            *inner,
            f"%next{number} = add i64 %n{number}, 1",
            f"%done{number} = icmp eq i64 %next{number}, {turns}",
            f"br i1 %done{number}, label %after{number}, label %loop{number}",
            f"after{number}:",
        ]
        return lines, steps * turns

    def _number(self) -> int:
        self._labels += 1
        return self._labels

    def _call(self, name: str, *arguments: str, kind: str = "void") -> str:
        types = ", ".join(argument.split(" ", 1)[0] for argument in arguments)
        function = f"@__quantum__{name}"
        self._declared[name] = f"declare {kind} {function}({types})"
        return f"call {kind} {function}({', '.join(arguments)})"


def _qubit(number: int) -> str:
    return f"ptr inttoptr (i64 {number} to ptr)"


_result = _qubit


def _double(value: float) -> str:
    return f"{value:.17e}"


def case(random: Random) -> Case:
    """Return a straight line with its exact distribution; one in four for a target that rounds."""
    text, exact = _Writer(random, adaptive=False).program()
    source, seed = _encoded(random, text), random.randrange(2**31)
    if random.random() < 1 / 4:
        made = Task("ionq.simulator", source, "qir.v1", {"shots": SHOTS}, V2)
        return Case(made, lambda done: _rounded(done, exact), lambda: text)
    judge = judge_of(flat_counts, lambda found: differs(found, exact))
    return Case(task(source, seed, "local.sim.aer"), judge, lambda: text)


def adaptive_case(random: Random) -> Case:
    """Return an adaptive program with its exact distribution, run with noise or without."""
    text, exact = _Writer(random, adaptive=True).program()
    source, seed = _encoded(random, text), random.randrange(2**31)
    if random.random() < 1 / 4:
        made = Task(
            "quantinuum.sim.h2-1e", source, "qir.v1", {"shots": _NOISY_SHOTS, "seed": seed}, V2
        )
        return Case(made, judge_of(flat_counts, lambda found: _far(found, exact)), lambda: text)
    judge = judge_of(flat_counts, lambda found: differs(found, exact))
    return Case(task(source, seed), judge, lambda: text)


def task(source: bytes, seed: int, target: str = "quantinuum.sim.h2-1e") -> Task:
    """Return the task that runs a program without noise."""
    params = {"shots": SHOTS, "seed": seed, "error-model": False}
    return Task(target, source, "qir.v1", params, V2)


def _encoded(random: Random, text: str) -> bytes:
    if random.random() < 1 / 4:
        bitcode: bytes = pyqir.Module.from_ir(pyqir.Context(), text).bitcode
        return bitcode
    return text.encode()


def _rounded(done: Completed | JobError, exact: Mapping[tuple[int, ...], float]) -> Judgement:
    """Judge shares that are rounded down over the states of all qubits: 16 of them here."""
    if isinstance(done, JobError):
        allowed = "measures once, at the end" in done.message
        return (Verdict.REFUSED if allowed else Verdict.WRONG), done.message

    def compare(found: Mapping[tuple[int, ...], int]) -> str | None:
        for outcome in {*exact, *found}:
            share, count = exact.get(outcome, 0) * SHOTS, found.get(outcome, 0)
            if not -1e-3 < share - count < 16:
                return f"{outcome} came {count} times, its share is {share}"
        return None

    return judge_of(flat_counts, compare)(done)


def _far(
    found: Mapping[tuple[int, ...], int], exact: Mapping[tuple[int, ...], float]
) -> str | None:
    shares = Counter(found)
    gaps = [abs(exact.get(one, 0) - shares[one] / shares.total()) for one in {*exact, *shares}]
    return f"total variation {sum(gaps) / 2:.2f}" if sum(gaps) / 2 > _TOLERATED else None
