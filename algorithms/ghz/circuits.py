"""The circuits of the GHZ device check."""

from __future__ import annotations

import math

from qiskit import QuantumCircuit


def populations_circuit(qubits: int) -> QuantumCircuit:
    """Return the circuit that prepares the GHZ state and reads it as it is."""
    circuit = _prepared(qubits)
    circuit.measure(range(qubits), range(qubits))
    return circuit


def parity_circuits(qubits: int) -> list[QuantumCircuit]:
    """Return a circuit for each of `angles`, which reads every qubit along that direction."""
    circuits = []
    for angle in angles(qubits):
        circuit = _prepared(qubits)
        # Turns the direction cos(angle) x + sin(angle) y into the z axis, along which is read.
        circuit.rz(-angle, range(qubits))
        circuit.h(range(qubits))
        circuit.measure(range(qubits), range(qubits))
        circuits.append(circuit)
    return circuits


def angles(qubits: int) -> list[float]:
    """Return the directions of the parity circuits, in radians from the x axis.

    As many as qubits, which is the fewest that separate the coherence from the rest. The parity
    of the GHZ state is 1 along the first, -1 along the second, and so on.
    """
    return [k * math.pi / qubits for k in range(qubits)]


def _prepared(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, qubits)
    circuit.h(0)
    # A chain needs only neighbours to interact, which every device can do.
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    return circuit
