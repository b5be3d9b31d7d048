"""Correction of misread qubits from two calibration circuits, which read all 0 and all 1.

Each qubit is taken to be misread by itself: the matrix that maps true to read probabilities is a
product of one matrix for each qubit, and so is its inverse (Bravyi et al., Phys. Rev. A 103,
042605, 2021, section III).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Counts

_LARGEST = 0.4
"""Rate of misreading beyond which its inverse would blow up every error."""


def calibration_circuits(qubits: int) -> list[QuantumCircuit]:
    """Return the circuits that prepare all 0 and all 1, measured."""
    circuits = []
    for ones in (False, True):
        circuit = QuantumCircuit(qubits, qubits)
        if ones:
            circuit.x(range(qubits))
        circuit.measure(range(qubits), range(qubits))
        circuits.append(circuit)
    return circuits


@dataclass(frozen=True, slots=True)
class Readout:
    """The rates of misreading of each qubit, by its number."""

    one_for_zero: list[float]
    zero_for_one: list[float]

    @classmethod
    def calibrated(cls, zeros: Counts, ones: Counts, qubits: int) -> Readout:
        """Return the rates that the counts of the calibration circuits show."""
        return cls(
            [min(_share_of(zeros, qubit, "1"), _LARGEST) for qubit in range(qubits)],
            [min(_share_of(ones, qubit, "0"), _LARGEST) for qubit in range(qubits)],
        )

    def corrected(self, values: np.ndarray) -> np.ndarray:
        """Return an observable that has, of the readings, the mean of the true one.

        Args:
            values: the observable, diagonal, for each reading as a number, of shape (2^qubits,)

        Returns:
            Its new values, of the same shape. They have a greater variance.

        """
        qubits = len(self.one_for_zero)
        tensor = values.reshape((2,) * qubits)
        for qubit in range(qubits):
            up, down = self.one_for_zero[qubit], self.zero_for_one[qubit]
            # Mean over readings of the corrected one, given the true bit, is the true one.
            inverse = np.linalg.inv(np.array([[1 - up, up], [down, 1 - down]]))
            axis = qubits - 1 - qubit
            tensor = np.moveaxis(np.tensordot(inverse, tensor, axes=(1, axis)), 0, axis)
        return tensor.reshape(-1)


def _share_of(counts: Counts, qubit: int, bit: str) -> float:
    hits = sum(number for bits, number in counts.readings.items() if bits[-1 - qubit] == bit)
    return hits / counts.total if counts.total else 0.0
