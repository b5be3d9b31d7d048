"""Random programs in OpenQASM 2.0, with the gates that Quantinuum adds to it."""

from __future__ import annotations

from collections import Counter
from math import pi
from random import Random
from typing import Any

from azure_quantum_emulator.execution.task import Task
from tools.fuzz.case import SHOTS, Case, judge_of
from tools.fuzz.comparison import differs
from tools.fuzz.openqasm_classical import assignment, condition
from tools.fuzz.states import (
    FIXED,
    ROTATIONS,
    Assign,
    Gate,
    If,
    Matrix,
    Measure,
    Reset,
    Step,
    controlled,
    distribution,
    phase,
    rotation,
)

_FIXED = {**{name: name for name in FIXED}, "v": "sx", "vdg": "sxdg"}
_TURNS = ("rx", "ry", "rz", "rzz", "rxx")
_MOST_STEPS = 18
_MOST_MEASUREMENTS = 5


class _Writer:
    """Writes a program step by step, both as text and for the oracle."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._qubits = [f"q[{n}]" for n in range(random.randint(1, 3))]
        self._qubits += [f"r[{n}]" for n in range(random.randint(0, 2))]
        self.registers = {"c": random.randint(1, 3), "d": random.randint(0, 2)}
        if random.random() < 1 / 4:
            self.registers["wide"] = random.choice([31, 32, 33, 64, 65])
        self._bits = [f"{name}[{n}]" for name, size in self.registers.items() for n in range(size)]
        self._text: list[str] = []
        self._steps: list[Step] = []
        self._measured = 0

    def program(self) -> tuple[str, dict[tuple[int, ...], float]]:
        """Return the text, and the exact distribution of all bits."""
        for _ in range(self._random.randint(1, _MOST_STEPS)):
            self._add()
        for bit in range(self._random.randint(1, self.registers["c"] + self.registers["d"])):
            self._measure(self._random.randrange(len(self._qubits)), bit)
        sizes = Counter(qubit[0] for qubit in self._qubits)
        lines = [
            "OPENQASM 2.0;",
            f'include "{self._random.choice(["qelib1.inc", "hqslib1.inc"])}";',
            "gate mine(a) x, y { rx(a/2) x; cx x, y; rz(-a) y; }",
            *(f"qreg {name}[{size}];" for name, size in sizes.items()),
            *(f"creg {name}[{size}];" for name, size in self.registers.items()),
            *self._text,
        ]
        return "\n".join(lines), distribution(len(self._qubits), len(self._bits), self._steps)

    def _add(self) -> None:
        choice = self._random.random()
        if choice < 0.1 and self._measured < _MOST_MEASUREMENTS:
            self._measure(*map(self._random.randrange, (len(self._qubits), len(self._bits))))
        elif choice < 0.15:
            place = self._random.randrange(len(self._qubits))
            self._text.append(f"reset {self._qubits[place]};")
            self._steps.append(Reset(place))
        elif choice < 0.25:
            self._conditional()
        elif choice < 0.3:
            self._text.append(f"barrier {self._qubits[0]};")
        else:
            text, steps = self._gate()
            self._text.append(text)
            self._steps += steps

    def _measure(self, qubit: int, bit: int) -> None:
        self._measured += 1
        self._text.append(f"measure {self._qubits[qubit]} -> {self._bits[bit]};")
        self._steps.append(Measure(qubit, bit))

    def _conditional(self) -> None:
        text, steps = self._gate()
        if self._random.random() < 1 / 3:
            text, compute = assignment(self._random, self._places())
            steps = [Assign(compute)]
        for _ in range(self._random.choice([0, 1, 1, 1, 2])):
            words, holds = condition(self._random, self._places())
            text, steps = f"{words} {text}", [If(holds, tuple(steps))]
        self._text.append(text)
        self._steps += steps

    def _places(self) -> dict[str, range]:
        """Return the places of the bits of every register that has some."""
        places, first = {}, 0
        for name, size in self.registers.items():
            if size:
                places[name] = range(first, first + size)
            first += size
        return places

    def _gate(self) -> tuple[str, list[Step]]:
        places = tuple(self._random.sample(range(len(self._qubits)), len(self._qubits)))
        name, angle, matrix = self._choice(len(places))
        if name == "mine":
            one, other = places[:2]
            steps: list[Step] = [
                Gate(rotation("X", angle / 2), (one,)),
                Gate(FIXED["cx"], (one, other)),
                Gate(rotation("Z", -angle), (other,)),
            ]
            return f"mine({angle!r}) {self._named((one, other))};", steps
        used = places[: len(matrix).bit_length() - 1]
        return f"{name} {self._named(used)};", [Gate(matrix, used)]

    def _named(self, places: tuple[int, ...]) -> str:
        return ", ".join(self._qubits[place] for place in places)

    def _choice(self, qubits: int) -> tuple[str, float, Matrix]:
        """Return a gate as it is written, and its matrix, for at most so many qubits."""
        random = self._random
        angle, axis = random.uniform(-7, 7), random.uniform(-4, 4)
        found: list[tuple[str, Matrix]] = [(name, FIXED[of]) for name, of in _FIXED.items()]
        found += [(f"{name}({angle!r})", rotation(ROTATIONS[name], angle)) for name in _TURNS]
        found += [
            ("ZZ", rotation("ZZ", pi / 2)),
            (f"Rz({angle!r}*pi)", rotation("Z", angle * pi)),
            (f"RZZ({angle!r})", rotation("ZZ", angle)),
            (f"U1q({angle!r},{axis!r})", _about(angle, axis)),
            (f"p({angle!r})", phase(angle)),
            (f"u3({angle!r},{axis!r},0.25)", _euler(angle, axis, 0.25)),
            (f"cp({angle!r})", controlled(phase(angle))),
            (f"crz({angle!r})", controlled(rotation("Z", angle))),
            (f"cu3({angle!r},{axis!r},-0.5)", controlled(_euler(angle, axis, -0.5))),
        ]
        fitting = [(name, matrix) for name, matrix in found if len(matrix) <= 1 << qubits]
        if qubits > 1 and random.random() < 0.1:
            return "mine", angle, FIXED["cx"]
        name, matrix = random.choice(fitting)
        return name, angle, matrix


def _about(angle: float, axis: float) -> Matrix:
    """Return a turn about an axis in the equator."""
    found: Matrix = rotation("Z", axis) @ rotation("X", angle) @ rotation("Z", -axis)
    return found


def _euler(theta: float, phi: float, lam: float) -> Matrix:
    """Return u3, which is cu3's without a global phase."""
    found: Matrix = phase(phi) @ rotation("Y", theta) @ phase(lam)
    return found


def case(random: Random) -> Case:
    """Return a program of random steps with its exact distribution."""
    writer = _Writer(random)
    text, exact = writer.program()
    registers = writer.registers
    judge = judge_of(lambda output: counts(output, registers), lambda found: differs(found, exact))
    return Case(task(text.encode(), random.randrange(2**31)), judge, lambda: text)


def task(source: bytes, seed: int) -> Task:
    """Return the task that runs a program without noise."""
    params = {"shots": SHOTS, "seed": seed, "error-model": False}
    output_format = "honeywell.quantum-results.v1"
    return Task("quantinuum.sim.h2-1e", source, "honeywell.openqasm.v1", params, output_format)


def counts(output: Any, registers: dict[str, int]) -> Counter[tuple[int, ...]]:  # noqa: ANN401 - JSON
    """Return the counts of all bits, in the order in which the registers are declared."""
    shots = zip(*(output[name] for name in registers), strict=True)
    return Counter(tuple(int(bit) for bits in shot for bit in reversed(bits)) for shot in shots)
