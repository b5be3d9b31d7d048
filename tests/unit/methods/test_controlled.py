"""Gates with many controls do what their truth table says, and leave the work qubit at zero."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator

from qjobs.adapters.qir import BASIS
from qjobs.methods.controlled import controlled_x, controlled_z, two_qubit_gates, work_qubits


def matrix(circuit: QuantumCircuit, qubits: int) -> np.ndarray:
    """Return the matrix on the first *qubits*, of states whose other qubits are and stay zero."""
    whole: np.ndarray = Operator(circuit).data
    inside: np.ndarray = whole[: 2**qubits, : 2**qubits]
    assert np.allclose(inside @ inside.conj().T, np.eye(2**qubits))
    return inside


@pytest.mark.parametrize("spare", [True, False])
@pytest.mark.parametrize("controls", range(6))
def test_a_not_happens_where_all_controls_are_one(controls: int, *, spare: bool) -> None:
    """It swaps the last two states, with a work qubit and without."""
    qubits = controls + 1
    work = range(qubits, qubits + work_qubits(controls)) if spare else range(0)
    circuit = QuantumCircuit(qubits + len(work))
    controlled_x(circuit, range(controls), controls, work)

    expected = np.eye(2**qubits)
    ones = 2**controls - 1
    expected[:, [ones, ones + 2**controls]] = expected[:, [ones + 2**controls, ones]]
    assert np.allclose(matrix(circuit, qubits), expected)


@pytest.mark.parametrize("qubits", range(1, 7))
def test_a_sign_changes_where_all_are_one(qubits: int) -> None:
    """The last entry of the diagonal is -1, every other is 1."""
    work = range(qubits, qubits + work_qubits(qubits - 1))
    circuit = QuantumCircuit(qubits + len(work))
    controlled_z(circuit, range(qubits), work)

    signs = np.ones(2**qubits)
    signs[-1] = -1
    assert np.allclose(matrix(circuit, qubits), np.diag(signs))


@pytest.mark.parametrize(("controls", "gates"), [(2, 6), (3, 12), (5, 24), (8, 42)])
def test_a_work_qubit_makes_the_gates_few(controls: int, gates: int) -> None:
    """Each control from the second on takes six gates on two qubits."""
    work = range(controls + 1, controls + 1 + work_qubits(controls))
    circuit = QuantumCircuit(controls + 1 + len(work))
    controlled_x(circuit, range(controls), controls, work)

    lowered = transpile(circuit, basis_gates=list(BASIS), optimization_level=0)
    assert two_qubit_gates(dict(lowered.count_ops())) == gates
