"""Mixers begin in, and stay in, the feasible readings."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector

from qjobs.methods.mixers import ExchangeMixer, FlipMixer, Mixer, ThreeWayMixer


def ones(number: int) -> int:
    """Return how many bits of a number are 1."""
    return number.bit_count()


def feasible(mixer: Mixer, qubits: int) -> np.ndarray:
    """Return whether each reading is feasible for a mixer."""
    numbers = range(2**qubits)
    if isinstance(mixer, ExchangeMixer):
        return np.array([ones(number) == mixer.ones for number in numbers])
    if isinstance(mixer, ThreeWayMixer):
        return np.array([number & 3 != 3 and number >> 2 != 3 for number in numbers])
    return np.ones(2**qubits, bool)


MIXERS = [
    (FlipMixer(3), 3),
    (ThreeWayMixer([(0, 1), (2, 3)]), 4),
    *((ExchangeMixer(qubits, k), qubits) for qubits in range(2, 7) for k in range(1, qubits)),
]


@pytest.mark.parametrize(("mixer", "qubits"), MIXERS)
def test_the_first_state_is_all_feasible_readings_equally(mixer: Mixer, qubits: int) -> None:
    """All amplitudes are positive and equal, those of infeasible readings zero."""
    circuit = QuantumCircuit(qubits)

    mixer.prepare(circuit)

    expected = feasible(mixer, qubits) / np.sqrt(feasible(mixer, qubits).sum())
    assert np.allclose(Statevector(circuit).data, expected)
    assert mixer.preparation_gates == circuit.num_nonlocal_gates()


@pytest.mark.parametrize(("mixer", "qubits"), MIXERS)
def test_a_layer_leaves_no_feasible_reading(mixer: Mixer, qubits: int) -> None:
    """Between feasible and infeasible readings nothing moves; among the feasible ones all do."""
    circuit = QuantumCircuit(qubits)

    mixer.append(circuit, 0.4)

    inside = feasible(mixer, qubits)
    matrix = Operator(circuit).data
    assert np.allclose(matrix[np.ix_(~inside, inside)], 0)
    moved = np.linalg.matrix_power(np.abs(matrix[np.ix_(inside, inside)]) > 1e-9, qubits)
    assert moved.all()
    assert mixer.two_qubit_gates == circuit.num_nonlocal_gates()


def test_the_three_way_mixer_projects_on_its_first_state() -> None:
    """One layer is exp(2i angle P) on the three choices, but for a global phase."""
    circuit = QuantumCircuit(2)
    ThreeWayMixer([(0, 1)]).append(circuit, 0.7)

    matrix = Operator(circuit).data[:3, :3]

    expected = np.eye(3) + (np.exp(1.4j) - 1) * np.full((3, 3), 1 / 3)
    assert np.allclose(matrix / matrix[0, 1], expected / expected[0, 1])


def test_exchanges_turn_by_the_angle() -> None:
    """Two qubits exchange a one by exp(i angle (XX + YY)): fully at a quarter of pi."""
    circuit = QuantumCircuit(2)
    circuit.x(0)

    ExchangeMixer(2, 1).append(circuit, np.pi / 4)

    assert Statevector(circuit).probabilities() == pytest.approx([0, 0, 1, 0], abs=1e-9)
