"""The inverse quantum Fourier transform, which turns a phase into a binary number.

A controlled turn of the phase is written as turns about z of both qubits and of their product,
which is one gate on two qubits where others take two; a transform of n qubits takes n (n - 1) / 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from qiskit import QuantumCircuit


def append_turn(circuit: QuantumCircuit, one: int, other: int, angle: float) -> None:
    """Append a turn of the phase, by *angle* in radians, where both qubits are one.

    It is that but for a phase of the whole state.
    """
    circuit.rz(angle / 2, [one, other])
    circuit.rzz(-angle / 2, one, other)


def append_inverse_transform(circuit: QuantumCircuit, qubits: Sequence[int]) -> list[int]:
    """Append the inverse transform; return the qubits in the order in which they are a number.

    Of qubits in the state in which qubit k has the phase 2^k times 2 pi j / 2^n, the number is j:
    the first qubit returned is its digit of value 1. A transform ends with an exchange of the
    qubits; here the inverse begins with other names for them, which takes no gate.
    """
    exchanged = list(reversed(qubits))
    for place, qubit in enumerate(exchanged):
        for lower in range(place):
            append_turn(circuit, exchanged[lower], qubit, -pi / (1 << (place - lower)))
        circuit.h(qubit)
    return exchanged
