"""Mixers of the quantum approximate optimisation algorithm, with the states they begin from.

A mixer moves between the feasible readings and no others, so that a constraint needs no penalty
(Hadfield et al., Algorithms 12, 34, 2019). It begins in the equal superposition of all that are
feasible, which is an eigenstate of it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qiskit import QuantumCircuit

from qjobs.methods.ising import rounds_of


class Mixer(Protocol):
    """One of the mixers, for a number of qubits."""

    @property
    def two_qubit_gates(self) -> int:
        """The gates on two qubits that one layer takes."""

    @property
    def preparation_gates(self) -> int:
        """The gates on two qubits that the first state takes."""

    def prepare(self, circuit: QuantumCircuit) -> None:
        """Append the preparation of the first state, from zeros."""

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append one layer."""


@dataclass(frozen=True, slots=True)
class FlipMixer:
    """Flips every qubit on its own: all readings are feasible."""

    qubits: int
    two_qubit_gates = preparation_gates = 0

    def prepare(self, circuit: QuantumCircuit) -> None:
        """Append a Hadamard gate on each qubit."""
        circuit.h(range(self.qubits))

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(i *angle* X) on each qubit."""
        circuit.rx(-2 * angle, range(self.qubits))


@dataclass(frozen=True, slots=True)
class ExchangeMixer:
    """Exchanges ones and zeros between any two qubits: the number of ones stays as it is.

    Exchanges between all pairs find better optima than those between neighbours in a ring (Wang,
    Rubin, Dominy and Rieffel, Phys. Rev. A 101, 012320, 2020), at more gates.
    """

    qubits: int
    ones: int
    """From 1 to one less than the qubits."""

    @property
    def two_qubit_gates(self) -> int:
        """Two for each pair."""
        return self.qubits * (self.qubits - 1)

    @property
    def preparation_gates(self) -> int:
        """Those of the Dicke state."""
        circuit = QuantumCircuit(self.qubits)
        self.prepare(circuit)
        return int(circuit.num_nonlocal_gates())

    def prepare(self, circuit: QuantumCircuit) -> None:
        """Append the Dicke state: all readings with this number of ones, equally."""
        fewer = min(self.ones, self.qubits - self.ones)
        dicke(circuit, self.qubits, fewer)
        if fewer < self.ones:
            circuit.x(range(self.qubits))

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(i *angle* (XX + YY) / (qubits - 1)) on each pair, one after the other."""
        turn = -2 * angle / (self.qubits - 1)
        for pair in rounds_of(list(itertools.combinations(range(self.qubits), 2))):
            circuit.rxx(turn, *pair)
            circuit.ryy(turn, *pair)


@dataclass(frozen=True, slots=True)
class ThreeWayMixer:
    """Moves each pair of qubits between 00, 01 and 10: three choices, of which 11 is none."""

    pairs: Sequence[tuple[int, int]]

    @property
    def two_qubit_gates(self) -> int:
        """Three for each pair."""
        return 3 * len(self.pairs)

    @property
    def preparation_gates(self) -> int:
        """One for each pair."""
        return len(self.pairs)

    def prepare(self, circuit: QuantumCircuit) -> None:
        """Append the equal superposition of the three choices of each pair."""
        for pair in self.pairs:
            circuit.compose(_three_ways(), pair, inplace=True)

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(2i *angle* P) on each pair; P projects on that superposition."""
        ways = _three_ways()
        for first, second in self.pairs:
            circuit.compose(ways.inverse(), (first, second), inplace=True)
            # A phase of 00, of which 4 |00><00| = 1 + z + z' + z z'.
            circuit.rz(-angle, (first, second))
            circuit.rzz(-angle, first, second)
            circuit.compose(ways, (first, second), inplace=True)


def dicke(circuit: QuantumCircuit, qubits: int, ones: int) -> None:
    """Append the Dicke state of *qubits*, *ones* of which are 1, from zeros.

    By the split and cyclic shift of Bärtschi and Eidenbenz (arXiv:1904.07358), in about
    4 qubits x ones gates on two qubits.
    """
    circuit.x(range(qubits - ones, qubits))
    for last in range(qubits - 1, 0, -1):
        _shift(circuit, last, min(ones, last))


def _shift(circuit: QuantumCircuit, last: int, ones: int) -> None:
    """Append the split and cyclic shift on the qubits up to *last*, with at most so many ones."""
    for number in range(1, ones + 1):
        target = last - number
        turn = 2 * math.acos(math.sqrt(number / (last + 1)))
        circuit.cx(target, last)
        # A further one moves only where the one before it stays.
        _controlled_turn(circuit, turn, (last, target + 1)[: min(number, 2)], target)
        circuit.cx(target, last)


def _controlled_turn(
    circuit: QuantumCircuit, turn: float, controls: Sequence[int], target: int
) -> None:
    """Append a rotation around y that happens if the one or two controls are 1."""
    for number, control in enumerate([*controls, *controls]):
        circuit.ry((-1) ** number * turn / (2 * len(controls)), target)
        circuit.cx(control, target)


def _three_ways() -> QuantumCircuit:
    """Return a circuit that makes (00 + 01 + 10) / sqrt(3) of 00."""
    circuit = QuantumCircuit(2)
    circuit.ry(2 * math.asin(math.sqrt(1 / 3)), 0)
    # The second qubit turns by a quarter where the first is 0, and back to 0 where it is 1.
    circuit.ry(-math.pi / 4, 1)
    circuit.x(0)
    circuit.cz(0, 1)
    circuit.x(0)
    circuit.ry(math.pi / 4, 1)
    return circuit
