"""The standard gates of Quil. Matrices have the first qubit as the most significant one."""

from __future__ import annotations

from cmath import exp
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Gate
from qiskit.circuit.library import (
    CCXGate,
    CPhaseGate,
    CSwapGate,
    CXGate,
    CZGate,
    HGate,
    IGate,
    PhaseGate,
    RXGate,
    RXXGate,
    RYGate,
    RYYGate,
    RZGate,
    RZZGate,
    SGate,
    SwapGate,
    TGate,
    UnitaryGate,
    XGate,
    XXPlusYYGate,
    YGate,
    ZGate,
    iSwapGate,
)


@dataclass(frozen=True, slots=True)
class GateName:
    """What a name stands for: a gate on so many qubits, given its parameters."""

    qubits: int
    gate: Callable[..., Gate]
    parameters: int = 0


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


GATES = {
    "I": GateName(1, IGate),
    "X": GateName(1, XGate),
    "Y": GateName(1, YGate),
    "Z": GateName(1, ZGate),
    "H": GateName(1, HGate),
    "S": GateName(1, SGate),
    "T": GateName(1, TGate),
    "PHASE": GateName(1, PhaseGate, 1),
    "RX": GateName(1, RXGate, 1),
    "RY": GateName(1, RYGate, 1),
    "RZ": GateName(1, RZGate, 1),
    "CZ": GateName(2, CZGate),
    "CNOT": GateName(2, CXGate),
    "CCNOT": GateName(3, CCXGate),
    "SWAP": GateName(2, SwapGate),
    "CSWAP": GateName(3, CSwapGate),
    "ISWAP": GateName(2, iSwapGate),
    "SQISW": GateName(2, lambda: _xy(np.pi / 2)),
    "PSWAP": GateName(2, _phased_swap, 1),
    "XY": GateName(2, _xy, 1),
    "CPHASE": GateName(2, CPhaseGate, 1),
    "CPHASE00": GateName(2, _controlled_phase(0b00), 1),
    "CPHASE01": GateName(2, _controlled_phase(0b01), 1),
    "CPHASE10": GateName(2, _controlled_phase(0b10), 1),
    "RXX": GateName(2, RXXGate, 1),
    "RYY": GateName(2, RYYGate, 1),
    "RZZ": GateName(2, RZZGate, 1),
}
"""By name. Not here: FSIM, PHASEDFSIM, BARENCO and CAN."""
