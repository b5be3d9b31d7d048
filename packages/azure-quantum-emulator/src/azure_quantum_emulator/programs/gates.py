"""The QIR instruction set: what each `__quantum__qis__` function does to a circuit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qiskit.circuit import Gate
from qiskit.circuit.library import (
    CCXGate,
    CXGate,
    CYGate,
    CZGate,
    HGate,
    RXGate,
    RXXGate,
    RYGate,
    RYYGate,
    RZGate,
    RZZGate,
    SdgGate,
    SGate,
    SwapGate,
    SXdgGate,
    SXGate,
    TdgGate,
    TGate,
    XGate,
    YGate,
    ZGate,
)


@dataclass(frozen=True, slots=True)
class GateFunction:
    """A unitary QIR function: its angles come first, then its qubits."""

    gate: Callable[..., Gate]
    qubits: int
    angles: int = 0


@dataclass(frozen=True, slots=True)
class Measurement:
    """A QIR function of a qubit and a result."""

    resets: bool = False
    """Whether the qubit is in |0> afterwards."""


_SELF_ADJOINT = {
    "h": GateFunction(HGate, 1),
    "x": GateFunction(XGate, 1),
    "y": GateFunction(YGate, 1),
    "z": GateFunction(ZGate, 1),
    "cx": GateFunction(CXGate, 2),
    "cnot": GateFunction(CXGate, 2),
    "cy": GateFunction(CYGate, 2),
    "cz": GateFunction(CZGate, 2),
    "swap": GateFunction(SwapGate, 2),
    "ccx": GateFunction(CCXGate, 3),
}

_WITH_ADJOINT = {
    "s": (GateFunction(SGate, 1), GateFunction(SdgGate, 1)),
    "t": (GateFunction(TGate, 1), GateFunction(TdgGate, 1)),
    "sx": (GateFunction(SXGate, 1), GateFunction(SXdgGate, 1)),
}

_ROTATIONS = {
    "rx": (RXGate, 1),
    "ry": (RYGate, 1),
    "rz": (RZGate, 1),
    "rxx": (RXXGate, 2),
    "ryy": (RYYGate, 2),
    "rzz": (RZZGate, 2),
}


def _inverse(gate: Callable[[float], Gate]) -> Callable[[float], Gate]:
    return lambda angle: gate(-angle)


def _gate_functions() -> dict[str, GateFunction]:
    table: dict[str, GateFunction] = {}
    for name, function in _SELF_ADJOINT.items():
        table[f"{name}__body"] = table[f"{name}__adj"] = function
    for name, (function, adjoint) in _WITH_ADJOINT.items():
        table[f"{name}__body"] = table[f"{name}dg__adj"] = function
        table[f"{name}__adj"] = table[f"{name}dg__body"] = adjoint
    for name, (gate, qubits) in _ROTATIONS.items():
        table[f"{name}__body"] = GateFunction(gate, qubits, angles=1)
        table[f"{name}__adj"] = GateFunction(_inverse(gate), qubits, angles=1)
    return table


GATES = _gate_functions()
"""Unitary functions by their name after `__quantum__qis__`."""

MEASUREMENTS = {
    "m__body": Measurement(),
    "mz__body": Measurement(),
    "mresetz__body": Measurement(resets=True),
}
"""Measurements in the computational basis, named likewise."""

RESETS = frozenset({"reset__body"})
BARRIERS = frozenset({"barrier__body"})
