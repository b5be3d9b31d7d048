"""Rotations exp(-i angle P / 2) of Pauli strings P as gates, and bases of measurements."""

from __future__ import annotations

from itertools import pairwise

from qiskit import QuantumCircuit

_PAIRS = {"XX": "rxx", "YY": "ryy", "ZZ": "rzz"}
_PAIR = 2


def rotate(circuit: QuantumCircuit, label: str, angle: float) -> None:
    """Append the rotation of a Pauli string that is not the identity."""
    letters = {qubit: letter for qubit, letter in enumerate(reversed(label)) if letter != "I"}
    qubits = list(letters)
    gate = _PAIRS.get("".join(letters.values()))
    if gate:
        getattr(circuit, gate)(angle, *qubits)
        return
    if len(qubits) == 1:
        getattr(circuit, f"r{letters[qubits[0]].lower()}")(angle, qubits[0])
        return
    to_z_axes(circuit, label)
    ladder = list(pairwise(qubits[:-1]))
    for near, far in ladder:
        circuit.cx(near, far)
    circuit.rzz(angle, *qubits[-_PAIR:])
    for near, far in reversed(ladder):
        circuit.cx(near, far)
    _from_z_axes(circuit, label)


def to_z_axes(circuit: QuantumCircuit, label: str) -> None:
    """Append the gates after which each qubit reads the letter of a string, if it has one."""
    for qubit, letter in enumerate(reversed(label)):
        if letter == "Y":
            circuit.sdg(qubit)
        if letter in "XY":
            circuit.h(qubit)


def _from_z_axes(circuit: QuantumCircuit, label: str) -> None:
    for qubit, letter in enumerate(reversed(label)):
        if letter in "XY":
            circuit.h(qubit)
        if letter == "Y":
            circuit.s(qubit)
