"""Circuits of amplitude estimation: a preparation, and powers of the Grover operator after it.

If the preparation A reads the objective qubit as 1 with probability sin^2(a), k Grover operators
after it make that sin^2((2 k + 1) a) (Brassard, Hoyer, Mosca and Tapp, 2002).
"""

from __future__ import annotations

from qiskit import QuantumCircuit


def powers(circuits: int) -> list[int]:
    """Return the number of Grover operators of each circuit: 0, 1, 2, 4, 8 and so on."""
    return [0, *(2**k for k in range(circuits - 1))]


def amplified(preparation: QuantumCircuit, power: int) -> QuantumCircuit:
    """Return the circuit that reads the last qubit after *power* Grover operators."""
    objective = preparation.num_qubits - 1
    circuit = QuantumCircuit(preparation.num_qubits, 1)
    circuit.compose(preparation, inplace=True)
    back = preparation.inverse()
    for _ in range(power):
        circuit.z(objective)
        circuit.compose(back, inplace=True)
        _reflect(circuit)
        circuit.compose(preparation, inplace=True)
    circuit.measure(objective, 0)
    return circuit


def calibrations(qubits: int) -> list[QuantumCircuit]:
    """Return the circuits that read the last of so many qubits in the states 0 and 1."""
    circuits = []
    for one in (False, True):
        circuit = QuantumCircuit(qubits, 1)
        if one:
            circuit.x(qubits - 1)
        circuit.measure(qubits - 1, 0)
        circuits.append(circuit)
    return circuits


def two_qubit_gates(assets: int, power: int) -> int:
    """Return the number of gates on two qubits of a circuit, a gate on three counted as 6."""
    controlled: dict[int, int] = {1: 1, 2: 6, 3: 14, 4: 36, 5: 84, 6: 180}
    return (1 << assets) * (2 * power + 1) + controlled[assets] * power


def _reflect(circuit: QuantumCircuit) -> None:
    """Append the reflection about all 0, up to a sign of the state."""
    *controls, last = range(circuit.num_qubits)
    circuit.x(range(circuit.num_qubits))
    circuit.h(last)
    circuit.mcx(controls, last)
    circuit.h(last)
    circuit.x(range(circuit.num_qubits))
