"""The inverse Fourier transform is the one of the textbooks, in few gates."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector

from qjobs.methods.fourier import append_inverse_transform, append_turn


@pytest.mark.parametrize("angle", [0.0, 0.3, pi, -2.0])
def test_a_turn_is_that_of_both_ones(angle: float) -> None:
    """Up to a phase of the whole, only the state in which both qubits are one is turned."""
    circuit = QuantumCircuit(2)
    append_turn(circuit, 0, 1, angle)

    expected = np.diag([1, 1, 1, np.exp(1j * angle)])
    assert Operator(circuit).equiv(Operator(expected))


@pytest.mark.parametrize("qubits", [1, 2, 3, 5])
def test_a_phase_becomes_its_number(qubits: int) -> None:
    """For every j, the wave of j periods is turned into the number j, with certainty."""
    for number in range(1 << qubits):
        circuit = QuantumCircuit(qubits)
        circuit.h(range(qubits))
        for qubit in range(qubits):
            circuit.p(2 * pi * number * (1 << qubit) / (1 << qubits), qubit)
        digits = append_inverse_transform(circuit, range(qubits))

        assert Statevector(circuit).probabilities(digits)[number] == pytest.approx(1)
        assert circuit.count_ops().get("rzz", 0) == qubits * (qubits - 1) // 2
