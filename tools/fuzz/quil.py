"""Random programs in Quil: gates with modifiers and expressions, memory, definitions."""

from __future__ import annotations

from collections import Counter
from math import pi
from random import Random
from typing import Any

import numpy as np

from azure_quantum_emulator.execution.task import Task
from tools.fuzz.case import SHOTS, Case, judge_of
from tools.fuzz.comparison import differs
from tools.fuzz.states import (
    FIXED,
    ROTATIONS,
    Gate,
    Matrix,
    Measure,
    Reset,
    Step,
    controlled,
    distribution,
    phase,
    random_unitary,
    rotation,
)

_MOST_STEPS = 18
_MOST_MEASUREMENTS = 6
_FIXED = {"I": "id", "CNOT": "cx", "CCNOT": "ccx", "CZ": "cz", "SWAP": "swap"}
_FIXED |= {name.upper(): name for name in ("x", "y", "z", "h", "s", "t")}
_TURNS = {name.upper(): paulis for name, paulis in ROTATIONS.items()}


class _Writer:
    """Writes a program step by step, both as text and for the oracle."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._qubits = random.randint(1, 4)
        self.regions = {"ro": random.randint(1, 3), "more": random.randint(1, 2)}
        self._bits = [f"{name}[{n}]" for name, size in self.regions.items() for n in range(size)]
        self.theta = random.uniform(-3, 3)
        self._defined = random_unitary(random.random, random.choice([1, 2]))
        self._text: list[str] = []
        self._steps: list[Step] = []
        self._measured = 0

    def program(self) -> tuple[str, dict[tuple[int, ...], float]]:
        """Return the text, and the exact distribution of all bits."""
        for _ in range(self._random.randint(1, _MOST_STEPS)):
            self._add()
        for bit in range(self._random.randint(1, len(self._bits))):
            self._measure(self._random.randrange(self._qubits), bit)
        rows = "\n".join(f"    {', '.join(map(_complex, row))}" for row in self._defined.tolist())
        lines = [
            "# random",
            *(f"DECLARE {name} BIT[{size}]" for name, size in self.regions.items()),
            "DECLARE theta REAL[1]",
            f"DEFGATE MINE{self._random.choice(['', ' AS MATRIX'])}:\n{rows}",
            *self._text,
        ]
        return "\n".join(lines) + "\n", distribution(self._qubits, len(self._bits), self._steps)

    def _add(self) -> None:
        choice = self._random.random()
        qubit = self._random.randrange(self._qubits)
        if choice < 0.1 and self._measured < _MOST_MEASUREMENTS:
            bit = self._random.choice([None, *range(len(self._bits))])
            self._measure(qubit, bit)
        elif choice < 0.15:
            every = self._random.random() < 1 / 4
            self._text.append("RESET" if every else f"RESET {qubit}")
            self._steps += [Reset(q) for q in (range(self._qubits) if every else [qubit])]
        elif choice < 0.2:
            self._text.append(self._random.choice(["NOP", "PRAGMA PRESERVE_BLOCK", "# nothing"]))
        else:
            self._gate()

    def _measure(self, qubit: int, bit: int | None) -> None:
        self._measured += 1
        self._text.append(f"MEASURE {qubit}{'' if bit is None else f' {self._bits[bit]}'}")
        self._steps.append(Measure(qubit, bit))

    def _gate(self) -> None:
        name, matrix = self._choice()
        modifiers = []
        while self._random.random() < 1 / 4:
            if self._random.random() < 1 / 2:
                modifiers.append("DAGGER")
                matrix = matrix.conj().T
            elif len(matrix) < 1 << self._qubits:
                modifiers.append("CONTROLLED")
                matrix = controlled(matrix)
        count = len(matrix).bit_length() - 1
        qubits = tuple(self._random.sample(range(self._qubits), count))
        # The modifier next to the gate is applied first.
        written = [*reversed(modifiers), name, *map(str, qubits)]
        self._text.append(" ".join(written))
        self._steps.append(Gate(matrix, qubits))

    def _choice(self) -> tuple[str, Matrix]:
        """Return a gate as it is written, and its matrix."""
        angle = self._random.uniform(-7, 7)
        text, value = self._random.choice(
            [
                (repr(angle), angle),
                (f"-theta[0]*{angle!r}", -self.theta * angle),
                (f"pi/2 + {angle!r}", pi / 2 + angle),
                (f"2*sin({angle!r})^2", 2 * np.sin(angle) ** 2),
                (f"({angle!r} - theta)/(1 + 1)", (angle - self.theta) / 2),
            ]
        )
        found: list[tuple[str, Matrix]] = [(name, FIXED[of]) for name, of in _FIXED.items()]
        found += [(f"{name}({text})", rotation(of, value)) for name, of in _TURNS.items()]
        found += [
            (f"PHASE({text})", phase(value)),
            (f"CPHASE({text})", controlled(phase(value))),
            (f"CPHASE00({text})", np.diag([np.exp(1j * value), 1, 1, 1])),
            (f"CPHASE01({text})", np.diag([1, np.exp(1j * value), 1, 1])),
            (f"CPHASE10({text})", np.diag([1, 1, np.exp(1j * value), 1])),
            (f"PSWAP({text})", FIXED["swap"] @ np.diag([1, *[np.exp(1j * value)] * 2, 1])),
            (f"XY({text})", rotation("XX", -value / 2) @ rotation("YY", -value / 2)),
            ("ISWAP", FIXED["swap"] @ np.diag([1, 1j, 1j, 1])),
            ("CSWAP", controlled(FIXED["swap"])),
            ("MINE", self._defined),
        ]
        fitting = [each for each in found if len(each[1]) <= 1 << self._qubits]
        return self._random.choice(fitting)


def _complex(entry: complex) -> str:
    sign = "-" if entry.imag < 0 else "+"
    return f"{entry.real!r} {sign} {abs(entry.imag)!r}i"


def case(random: Random) -> Case:
    """Return a program of random steps with its exact distribution."""
    writer = _Writer(random)
    text, exact = writer.program()
    regions, substitutions = writer.regions, {"theta": [[writer.theta]]}
    made = task(text.encode(), random.randrange(2**31), substitutions=substitutions)
    judge = judge_of(lambda output: counts(output, regions), lambda found: differs(found, exact))
    return Case(made, judge, lambda: text)


def task(source: bytes, seed: int, **params: object) -> Task:
    """Return the task that runs a program."""
    params |= {"shots": SHOTS, "seed": seed}
    return Task("rigetti.sim.qvm", source, "rigetti.quil.v1", params, "rigetti.quil-results.v1")


def counts(output: Any, regions: dict[str, int]) -> Counter[tuple[int, ...]]:  # noqa: ANN401 - JSON
    """Return the counts of all bits, in the order in which the regions are declared."""
    shots = zip(*(output[name] for name in regions), strict=True)
    return Counter(tuple(int(bit) for bits in shot for bit in bits) for shot in shots)
