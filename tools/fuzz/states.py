"""The oracle: exact outcomes of small programs, by their state vectors in numpy.

It shares nothing with what it judges: neither gates nor simulators nor parsers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import cos, pi, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[Any]
type Step = Gate | Measure | Reset | If | Assign | Record
type Branch = tuple[Matrix, tuple[int, ...], tuple[int, ...]]
"""A state that is not normalized, the classical bits, and the bits that were recorded so far."""

_NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True)
class Gate:
    """A unitary on some qubits, the first of which is the most significant one."""

    matrix: Matrix
    qubits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measurement into a classical bit; None throws its outcome away."""

    qubit: int
    bit: int | None


@dataclass(frozen=True, slots=True)
class Reset:
    """A qubit is brought back to zero."""

    qubit: int


@dataclass(frozen=True, slots=True)
class If:
    """Steps that are made if a condition on all classical bits holds."""

    holds: Callable[[tuple[int, ...]], bool]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """Classical bits get the values that are computed from all of them."""

    compute: Callable[[tuple[int, ...]], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """The value that a classical bit has now is added to the output."""

    bit: int


def distribution(qubits: int, bits: int, steps: Sequence[Step]) -> dict[tuple[int, ...], float]:
    """Return the probability of each output: the recorded bits, or all bits if none is recorded."""
    state = np.zeros((2,) * qubits, dtype=complex)
    state[(0,) * qubits] = 1
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for final, values, recorded in _run(steps, [(state, (0,) * bits, ())]):
        found[recorded or values] += float(np.vdot(final, final).real)
    return {output: share for output, share in found.items() if share > _NEGLIGIBLE}


def _run(steps: Sequence[Step], branches: list[Branch]) -> list[Branch]:
    for step in steps:
        branches = [after for branch in branches for after in _after(step, branch)]
    return branches


def _after(step: Step, branch: Branch) -> list[Branch]:
    state, bits, recorded = branch
    match step:
        case Gate(matrix, qubits):
            return [(_applied(matrix, qubits, state), bits, recorded)]
        case Measure(qubit, bit):
            return [
                (part, bits if bit is None else _with(bits, bit, value), recorded)
                for value, part in _split(state, qubit)
            ]
        case Reset(qubit):
            flipped = [
                _applied(FIXED["x"], (qubit,), part) if value else part
                for value, part in _split(state, qubit)
            ]
            return [(part, bits, recorded) for part in flipped]
        case If(holds, steps):
            return _run(steps, [branch]) if holds(bits) else [branch]
        case Assign(compute):
            return [(state, compute(bits), recorded)]
        case Record(bit):
            return [(state, bits, (*recorded, bits[bit]))]


def _applied(matrix: Matrix, qubits: tuple[int, ...], state: Matrix) -> Matrix:
    count = len(qubits)
    tensor = matrix.reshape((2,) * 2 * count)
    product = np.tensordot(tensor, state, axes=(tuple(range(count, 2 * count)), qubits))
    return np.moveaxis(product, range(count), qubits)


def _split(state: Matrix, qubit: int) -> list[tuple[int, Matrix]]:
    """Return the parts of a state in which a qubit is zero, and in which it is one."""
    parts = []
    for value in (0, 1):
        part = state.copy()
        part[(slice(None),) * qubit + (1 - value,)] = 0
        if np.vdot(part, part).real > _NEGLIGIBLE:
            parts.append((value, part))
    return parts


def _with(bits: tuple[int, ...], bit: int, value: int) -> tuple[int, ...]:
    return (*bits[:bit], value, *bits[bit + 1 :])


def rotation(paulis: str, angle: float) -> Matrix:
    """Return exp(-i angle/2 P), where P is the product of a Pauli matrix for each qubit."""
    product = reduce(np.kron, [_PAULIS[letter] for letter in paulis])
    return cos(angle / 2) * np.eye(len(product)) - 1j * sin(angle / 2) * product


def phase(angle: float) -> Matrix:
    """Return the gate that gives the state 1 a phase."""
    return np.diag([1, np.exp(1j * angle)])


def controlled(matrix: Matrix, controls: int = 1) -> Matrix:
    """Return a gate with controls in front."""
    size = len(matrix) << controls
    found = np.eye(size, dtype=complex)
    found[-len(matrix) :, -len(matrix) :] = matrix
    return found


def random_unitary(numbers: Callable[[], float], qubits: int) -> Matrix:
    """Return a unitary of random numbers."""
    size = 2**qubits
    entries = [complex(numbers() - 0.5, numbers() - 0.5) for _ in range(size * size)]
    unitary, triangle = np.linalg.qr(np.array(entries).reshape(size, size))
    phases = np.diagonal(triangle) / abs(np.diagonal(triangle))
    found: Matrix = unitary * phases
    return found


_PAULIS = {
    "I": np.eye(2, dtype=complex),
    "X": np.array([[0, 1], [1, 0]], dtype=complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]).astype(complex),
}
_HALF_X = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2
FIXED: Mapping[str, Matrix] = {
    "id": _PAULIS["I"],
    "x": _PAULIS["X"],
    "y": _PAULIS["Y"],
    "z": _PAULIS["Z"],
    "h": np.array([[1, 1], [1, -1]]) / sqrt(2) + 0j,
    "s": phase(pi / 2),
    "sdg": phase(-pi / 2),
    "t": phase(pi / 4),
    "tdg": phase(-pi / 4),
    "sx": _HALF_X,
    "sxdg": _HALF_X.conj().T,
    "cx": controlled(_PAULIS["X"]),
    "cy": controlled(_PAULIS["Y"]),
    "cz": controlled(_PAULIS["Z"]),
    "swap": np.eye(4, dtype=complex)[[0, 2, 1, 3]],
    "ccx": controlled(_PAULIS["X"], 2),
}
"""Gates without parameters, by Qiskit's names; controls are in front."""
ROTATIONS = {"rx": "X", "ry": "Y", "rz": "Z", "rxx": "XX", "ryy": "YY", "rzz": "ZZ"}
"""Rotations by Qiskit's names, with the Pauli matrices that they are about."""
