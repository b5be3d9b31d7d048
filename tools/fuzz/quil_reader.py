"""A second reader of Quil, for mutants: it understands the words of the generator, and no more."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from math import pi

import numpy as np

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
    rotation,
)

MOST_QUBITS = 5
_MOST_MEASUREMENTS = 12
_LINE = re.compile(r"((?:(?:DAGGER|CONTROLLED)\s+)*)([A-Z]\w*)(?:\((.+)\))?((?:\s+\d+)+)\s*")
_DECLARATION = re.compile(r"DECLARE ([a-z]+) (BIT|REAL)\[(\d{1,2})\]")
_MEASUREMENT = re.compile(r"MEASURE (\d)(?: ([a-z]+)\[(\d)\])?")
_NOTHING = re.compile(r"\s*(#.*)?|NOP|PRAGMA PRESERVE_BLOCK")

_FIXED = {"I": "id", "CNOT": "cx", "CCNOT": "ccx", "CZ": "cz", "SWAP": "swap"}
_FIXED |= {name.upper(): name for name in ("x", "y", "z", "h", "s", "t")}
_MATRICES = {name: FIXED[of] for name, of in _FIXED.items()}
_MATRICES["ISWAP"] = FIXED["swap"] @ np.diag([1, 1j, 1j, 1])
_MATRICES["CSWAP"] = controlled(FIXED["swap"])
_TURNED: dict[str, Callable[[float], Matrix]] = {
    "PHASE": phase,
    "CPHASE": lambda angle: controlled(phase(angle)),
    "CPHASE00": lambda angle: np.diag([np.exp(1j * angle), 1, 1, 1]),
    "CPHASE01": lambda angle: np.diag([1, np.exp(1j * angle), 1, 1]),
    "CPHASE10": lambda angle: np.diag([1, 1, np.exp(1j * angle), 1]),
    "PSWAP": lambda angle: FIXED["swap"] @ np.diag([1, *[np.exp(1j * angle)] * 2, 1]),
    "XY": lambda angle: rotation("XX", -angle / 2) @ rotation("YY", -angle / 2),
}
_OPERATORS: dict[type, Callable[[complex, complex], complex]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def read(text: str, theta: float) -> dict[tuple[int, ...], float]:
    """Return the exact distribution of all bits of a program.

    Raises:
        ValueError: it has something that is not understood here.

    """
    reader = _Reader(theta)
    lines = text.split("\n")
    while lines:
        reader.line(lines.pop(0), lines)
    if reader.measured > _MOST_MEASUREMENTS or not reader.qubits <= MOST_QUBITS:
        raise ValueError("too many")
    return distribution(reader.qubits, len(reader.bits), reader.steps())


class _Reader:
    """Reads line by line."""

    def __init__(self, theta: float) -> None:
        self._theta = theta
        self._steps: list[Step | None] = []
        self._matrices = dict(_MATRICES)
        self._declared: set[str] = set()
        self.bits: list[str] = []
        self.qubits = 1
        self.measured = 0

    def steps(self) -> list[Step]:
        """Return the steps; a reset of all qubits is known in the end."""
        every = [Reset(qubit) for qubit in range(self.qubits)]
        return [one for step in self._steps for one in (every if step is None else [step])]

    def line(self, line: str, following: list[str]) -> None:
        """Read a line, and those that belong to it."""
        if _NOTHING.fullmatch(line):
            return
        if found := _DECLARATION.fullmatch(line):
            name, kind, size = found.groups()
            if name in self._declared or (kind == "REAL") != (name == "theta"):
                raise ValueError(line)
            self._declared.add(name)
            self.bits += [f"{name}[{n}]" for n in range(int(size))] if kind == "BIT" else []
        elif line in {"DEFGATE MINE:", "DEFGATE MINE AS MATRIX:"} and "MINE" not in self._matrices:
            self._define(following)
        elif found := _MEASUREMENT.fullmatch(line):
            qubit, name, place = found.groups()
            bit = None if name is None else self.bits.index(f"{name}[{place}]")
            self.measured += 1
            self._steps.append(Measure(self._qubit(qubit), bit))
        elif line == "RESET":
            self._steps.append(None)
        elif found := re.fullmatch(r"RESET (\d)", line):
            self._steps.append(Reset(self._qubit(found[1])))
        elif found := _LINE.fullmatch(line):
            self._gate(*found.groups())
        else:
            raise ValueError(line)

    def _define(self, following: list[str]) -> None:
        rows = []
        while following and following[0].startswith("    "):
            rows.append([self._value(entry) for entry in following.pop(0).split(",")])
        matrix = np.array(rows, dtype=complex)
        if matrix.shape not in {(2, 2), (4, 4)}:
            raise ValueError("no matrix of one qubit or two")
        if not np.allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), atol=1e-9):
            raise ValueError("not unitary")
        self._matrices["MINE"] = matrix

    def _gate(self, modifiers: str, name: str, angle: str | None, qubits: str) -> None:
        matrix = self._matrix(name, angle)
        for modifier in reversed(modifiers.split()):
            matrix = matrix.conj().T if modifier == "DAGGER" else controlled(matrix)
        places = tuple(self._qubit(qubit) for qubit in qubits.split())
        if len(set(places)) < len(places) or 1 << len(places) != len(matrix):
            raise ValueError("qubits")
        self._steps.append(Gate(matrix, places))

    def _matrix(self, name: str, angle: str | None) -> Matrix:
        if angle is None:
            return self._matrices[name]
        value = self._value(angle)
        if abs(value.imag) > 1e-9:
            raise ValueError("not real")
        if name.lower() in ROTATIONS:
            return rotation(ROTATIONS[name.lower()], value.real)
        return _TURNED[name](value.real)

    def _qubit(self, text: str) -> int:
        self.qubits = max(self.qubits, int(text) + 1)
        return int(text)

    def _value(self, text: str) -> complex:
        # In Python an imaginary number ends in j, and a power is written with two stars.
        python = re.sub(r"(?<=[\d.])i\b", "j", text.strip()).replace("^", "**")
        return self._evaluated(ast.parse(python, mode="eval").body)

    def _evaluated(self, node: ast.expr) -> complex:
        match node:
            case ast.Constant(value=float() | int() | complex() as value):
                return complex(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._evaluated(inner)
            case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _OPERATORS:
                return _OPERATORS[type(kind)](self._evaluated(left), self._evaluated(right))
            case ast.Call(func=ast.Name(id="sin"), args=[inner]):
                return complex(np.sin(self._evaluated(inner)))
            case ast.Name(id="pi"):
                return complex(pi)
            case (
                ast.Name(id="theta")
                | ast.Subscript(value=ast.Name(id="theta"), slice=ast.Constant(value=0))
            ) if "theta" in self._declared:
                return complex(self._theta)
            case _:
                raise ValueError(ast.dump(node))
