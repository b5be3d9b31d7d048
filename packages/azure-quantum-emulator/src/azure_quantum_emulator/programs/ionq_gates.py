"""The gates of IonQ's circuits.

Formulas of the native gates are those of IonQ's "Getting Started with Native Gates"
(docs.ionq.com). Their angles and phases are in turns, those of other gates in radians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from qiskit.circuit import Gate
from qiskit.circuit.library import (
    HGate,
    IGate,
    PhaseGate,
    RGate,
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
    UnitaryGate,
    XGate,
    YGate,
    ZGate,
)


@dataclass(frozen=True, slots=True)
class GateName:
    """What a name of the format stands for: a gate on so many targets, given its parameters."""

    targets: int
    gate: Callable[..., Gate]
    parameters: int = 0


def _phase_space(turns: float) -> np.ndarray:
    """Return the operator that GPI applies: cos(2 pi phase) X + sin(2 pi phase) Y."""
    phase = 2 * pi * turns
    return np.array([[0, cos(phase) - 1j * sin(phase)], [cos(phase) + 1j * sin(phase), 0]])


def _gpi(phase: float) -> Gate:
    """Return GPI: a half turn about an axis in the equator of the Bloch sphere."""
    return RGate(pi, 2 * pi * phase)


def _gpi2(phase: float) -> Gate:
    """Return GPI2: a quarter turn about an axis in the equator of the Bloch sphere."""
    return RGate(pi / 2, 2 * pi * phase)


def _ms(phase0: float, phase1: float, angle: float) -> Gate:
    """Return the Molmer-Sorensen gate exp(-i pi angle GPI(phase0) GPI(phase1))."""
    both = np.kron(_phase_space(phase1), _phase_space(phase0))  # qubit 0 is the last factor
    return UnitaryGate(cos(pi * angle) * np.eye(4) - 1j * sin(pi * angle) * both, label="ms")


def _zz(angle: float) -> Gate:
    """Return the native ZZ gate exp(-i pi angle Z Z)."""
    return RZZGate(2 * pi * angle)


QIS = {
    **{
        name: GateName(1, gate)
        for names, gate in {
            "id i": IGate,
            "x not": XGate,
            "y": YGate,
            "z": ZGate,
            "h": HGate,
            "s": SGate,
            "si sdg": SdgGate,
            "t": TGate,
            "ti tdg": TdgGate,
            "v sx": SXGate,
            "vi sxdg": SXdgGate,
        }.items()
        for name in names.split()
    },
    "rx": GateName(1, RXGate, 1),
    "ry": GateName(1, RYGate, 1),
    "rz": GateName(1, RZGate, 1),
    "p": GateName(1, PhaseGate, 1),
    "swap": GateName(2, SwapGate),
    "xx": GateName(2, RXXGate, 1),
    "rxx": GateName(2, RXXGate, 1),
    "yy": GateName(2, RYYGate, 1),
    "ryy": GateName(2, RYYGate, 1),
    "zz": GateName(2, RZZGate, 1),
    "rzz": GateName(2, RZZGate, 1),
}
"""Abstract gates, each of which may have controls. `cnot` is `x` with a control."""

NATIVE = {
    "gpi": GateName(1, _gpi, 1),
    "gpi2": GateName(1, _gpi2, 1),
    "ms": GateName(2, _ms, 3),
    "zz": GateName(2, _zz, 1),
}
"""Gates of the hardware."""
