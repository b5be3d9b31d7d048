"""The feature map: a point becomes a state of one qubit for each feature.

Each layer puts all qubits into superposition and turns their phases by the features and by products
of neighbours (the map of Havlíček et al., Nature 567, 209, 2019, along a chain). The features are
scaled by a bandwidth before: with large ones all states are as different as can be, and the kernel
tells nothing (Shaydulin and Wild, Phys. Rev. A 106, 042407, 2022).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from qiskit import QuantumCircuit


def axes(layers: int) -> str:
    """Return the directions along which each state is read, one circuit for each.

    After one layer alone every qubit is on the equator, so that Z says nothing.
    """
    return "XY" if layers == 1 else "XYZ"


def circuits_of(point: np.ndarray, layers: int) -> list[QuantumCircuit]:
    """Return the circuits that read the state of a scaled point, one for each of its axes."""
    qubits = len(point)
    state = QuantumCircuit(qubits, qubits)
    for _ in range(layers):
        state.h(range(qubits))
        for qubit, value in enumerate(point):
            state.rz(float(2 * value), qubit)
        for qubit, (value, other) in enumerate(pairwise(point)):
            state.rzz(float(2 * value * other), qubit, qubit + 1)
    circuits = []
    for axis in axes(layers):
        circuit = state.copy()
        if axis == "Y":
            circuit.sdg(range(qubits))
        if axis != "Z":
            circuit.h(range(qubits))
        circuit.measure(range(qubits), range(qubits))
        circuits.append(circuit)
    return circuits


def exact_vectors(points: np.ndarray, layers: int) -> np.ndarray:
    """Return the Bloch vectors of all qubits, of shape (points, features, axes).

    Computed by state vectors of 2^features amplitudes, for scaled points of shape (points,
    features).
    """
    number, qubits = points.shape
    bits = np.arange(1 << qubits)[:, None] >> np.arange(qubits) & 1
    signs = 1 - 2 * bits
    pairs = signs[:, :-1] * signs[:, 1:]
    phases = np.exp(-1j * (points @ signs.T + (points[:, :-1] * points[:, 1:]) @ pairs.T))
    states = np.zeros((number, 1 << qubits), dtype=complex)
    states[:, 0] = 1
    for _ in range(layers):
        states = _hadamard(states, qubits) * phases
    vectors = np.stack([_vectors(states, qubits, qubit) for qubit in range(qubits)], axis=1)
    return vectors[:, :, : len(axes(layers))]


def _hadamard(states: np.ndarray, qubits: int) -> np.ndarray:
    for qubit in range(qubits):
        pair = states.reshape(len(states), -1, 2, 1 << qubit)
        zero, one = pair[:, :, 0], pair[:, :, 1]
        states = np.stack([zero + one, zero - one], axis=2).reshape(len(states), -1) / np.sqrt(2)
    return states


def _vectors(states: np.ndarray, qubits: int, qubit: int) -> np.ndarray:
    """Return the Bloch vectors of one qubit, of shape (states, 3)."""
    pair = states.reshape(len(states), 1 << (qubits - 1 - qubit), 2, 1 << qubit)
    zero, one = pair[:, :, 0], pair[:, :, 1]
    coherence = np.sum(zero.conj() * one, axis=(1, 2))
    difference = np.sum(np.abs(zero) ** 2 - np.abs(one) ** 2, axis=(1, 2))
    return np.stack([2 * coherence.real, 2 * coherence.imag, difference], axis=1)
