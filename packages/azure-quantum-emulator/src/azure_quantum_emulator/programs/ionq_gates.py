"""The gates of IonQ's circuits.

Formulas of the native gates are those of IonQ's "Getting Started with Native Gates"
(docs.ionq.com). Their angles and phases are in turns, those of other gates in radians.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from qiskit.circuit import Gate
from qiskit.circuit.library import RGate, RZZGate, UnitaryGate

from azure_quantum_emulator.programs.gate_spec import GateSpec, standard


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


_ONE_QUBIT = ("id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p")
_TWO_QUBITS = ("swap", "rxx", "ryy", "rzz")
_ALIASES = {"i": "id", "not": "x", "si": "sdg", "ti": "tdg", "v": "sx", "vi": "sxdg"}
_ALIASES |= {"xx": "rxx", "yy": "ryy", "zz": "rzz"}

QIS = {name: standard(name) for name in (*_ONE_QUBIT, *_TWO_QUBITS)}
QIS |= {alias: QIS[name] for alias, name in _ALIASES.items()}
"""Abstract gates, each of which may have controls. `cnot` is `x` with a control."""

NATIVE = {
    "gpi": GateSpec(_gpi, 1, 1),
    "gpi2": GateSpec(_gpi2, 1, 1),
    "ms": GateSpec(_ms, 2, 3),
    "zz": GateSpec(_zz, 2, 1),
}
"""Gates of the hardware."""
NATIVE_MEMBERS = {
    "gpi": ("phase",),
    "gpi2": ("phase",),
    "ms": ("phases", "angle"),
    "zz": ("angle",),
}
"""The members of a gate of the hardware with its parameters, in the order they go into it."""
