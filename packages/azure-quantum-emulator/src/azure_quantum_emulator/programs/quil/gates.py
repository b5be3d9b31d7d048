"""The standard gates of Quil. Matrices have the first qubit as the most significant one."""

from __future__ import annotations

from cmath import exp
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Gate
from qiskit.circuit.library import UnitaryGate, XXPlusYYGate

from azure_quantum_emulator.programs.gate_spec import GateSpec, standard


def from_matrix(matrix: NDArray[np.complex128]) -> Gate:
    """Return the gate of a unitary *matrix*.

    Raises:
        ValueError: it is not unitary.

    """
    qubits = int(matrix.shape[0]).bit_length() - 1
    axes = [*reversed(range(qubits))]
    both = [*axes, *(qubits + axis for axis in axes)]
    # Qiskit has the first qubit as the least significant one.
    reordered = matrix.reshape([2] * 2 * qubits).transpose(both).reshape(matrix.shape)
    return UnitaryGate(reordered)


def _controlled_phase(state: int) -> Callable[[float], Gate]:
    """Return the gate that gives one basis *state* of two qubits a phase."""

    def gate(angle: float) -> Gate:
        phases = np.ones(4, dtype=complex)
        phases[state] = exp(1j * angle)
        return from_matrix(np.diag(phases))

    return gate


def _phased_swap(angle: float) -> Gate:
    """Return PSWAP, a swap that gives the states it exchanges a phase."""
    phase = exp(1j * angle)
    return from_matrix(np.array([[1, 0, 0, 0], [0, 0, phase, 0], [0, phase, 0, 0], [0, 0, 0, 1]]))


def _xy(angle: float) -> Gate:
    """Return XY, which is exp(i angle/4 (X X + Y Y)); Qiskit's has the other sign."""
    return XXPlusYYGate(-angle)


_ONE_QUBIT = ("X", "Y", "Z", "H", "S", "T", "RX", "RY", "RZ")
_MORE_QUBITS = ("CZ", "SWAP", "ISWAP", "CSWAP", "RXX", "RYY", "RZZ")
_OTHER_NAMES = {"I": "id", "PHASE": "p", "CNOT": "cx", "CCNOT": "ccx", "CPHASE": "cp"}

GATES = {
    **{name: standard(name.lower()) for name in (*_ONE_QUBIT, *_MORE_QUBITS)},
    **{name: standard(qiskit) for name, qiskit in _OTHER_NAMES.items()},
    "SQISW": GateSpec(lambda: _xy(np.pi / 2), 2),
    "PSWAP": GateSpec(_phased_swap, 2, 1),
    "XY": GateSpec(_xy, 2, 1),
    "CPHASE00": GateSpec(_controlled_phase(0b00), 2, 1),
    "CPHASE01": GateSpec(_controlled_phase(0b01), 2, 1),
    "CPHASE10": GateSpec(_controlled_phase(0b10), 2, 1),
}
"""By name. Not here: FSIM, PHASEDFSIM, BARENCO and CAN."""
