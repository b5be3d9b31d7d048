"""Quadratic cost functions of bits as Ising Hamiltonians.

A bit x stands for the spin z = 1 - 2x, so that the Hamiltonian of a cost function is diagonal: its
energy of a reading is the cost of the bits that were read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from qiskit import QuantumCircuit

type Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ising:
    """The function constant + sum of h_i z_i + sum of J_ij z_i z_j over spins."""

    fields: tuple[float, ...]
    """The h_i, one for each spin."""
    couplings: Mapping[Pair, float] = field(default_factory=dict)
    """The J_ij with i < j; a pair that is not there has none."""
    constant: float = 0.0

    @property
    def two_qubit_gates(self) -> int:
        """The gates on two qubits that one layer takes."""
        return len(self.couplings)

    @property
    def scale(self) -> float:
        """The root mean square of the field that a spin feels in a random state.

        Zero for a constant. Angles are given in units of its inverse, without which they would
        depend on the unit of the costs.
        """
        strengths = [*self.fields, *self.couplings.values()]
        largest = max(map(abs, strengths), default=0.0)
        if not largest:
            return 0.0
        # Divided by the largest first: squares of very large or small costs are no numbers.
        alone = sum((one / largest) ** 2 for one in self.fields)
        shared = sum((one / largest) ** 2 for one in self.couplings.values())
        return largest * math.sqrt((alone + 2 * shared) / len(self.fields))

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(-i *angle* H / scale) without the constant, which is a global phase."""
        for spin, strength in enumerate(self.fields):
            if strength:
                circuit.rz(2 * angle * (strength / self.scale), spin)
        for pair in rounds_of(self.couplings):
            circuit.rzz(2 * angle * (self.couplings[pair] / self.scale), *pair)

    def energies(self) -> np.ndarray:
        """Return the value for each of the 2^n readings; bit i of an index is bit i of a reading.

        Each spin doubles the array, so that this takes about n 2^n additions.
        """
        values = np.array([self.constant])
        for spin, strength in enumerate(self.fields):
            local = np.full(len(values), strength)
            places = np.arange(len(values))
            for other in range(spin):
                coupling = self.couplings.get((other, spin), 0.0)
                if coupling:
                    local += coupling * (1 - 2 * ((places >> other) & 1))
            values = np.concatenate([values + local, values - local])
        return values


def of_matrix(matrix: Sequence[Sequence[float]]) -> Ising:
    """Return the Hamiltonian of x^T Q x for a square matrix Q, which need not be symmetric."""
    spins = range(len(matrix))
    # x_i x_i is x_i = (1 - z_i) / 2, and x_i x_j is (1 - z_i - z_j + z_i z_j) / 4.
    fields = [-matrix[i][i] / 2 for i in spins]
    constant = math.fsum(matrix[i][i] / 2 for i in spins)
    couplings: dict[Pair, float] = {}
    for i in spins:
        for j in range(i + 1, len(matrix)):
            quarter = (matrix[i][j] + matrix[j][i]) / 4
            if quarter:
                couplings[i, j] = quarter
                fields[i] -= quarter
                fields[j] -= quarter
                constant += quarter
    return Ising(tuple(fields), couplings, constant)


def of_cut(vertices: int, weights: Mapping[Pair, float]) -> Ising:
    """Return the Hamiltonian whose energy is minus the weight of the edges between two sides."""
    # An edge is cut if its spins differ: its weight times (1 - z_i z_j) / 2.
    couplings = {(min(pair), max(pair)): weight / 2 for pair, weight in weights.items() if weight}
    return Ising((0.0,) * vertices, couplings, -math.fsum(weights.values()) / 2)


def rounds_of(pairs: Mapping[Pair, object] | Sequence[Pair]) -> list[Pair]:
    """Return pairs in an order in which those that follow each other rarely share a qubit.

    Gates on different qubits run at the same time, so this keeps a circuit shallow.
    """
    waiting, ordered = sorted(pairs), []
    while waiting:
        busy: set[int] = set()
        later = []
        for pair in waiting:
            if busy.isdisjoint(pair):
                ordered.append(pair)
                busy.update(pair)
            else:
                later.append(pair)
        waiting = later
    return ordered
