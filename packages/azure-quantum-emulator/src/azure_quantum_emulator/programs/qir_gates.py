"""The QIR instruction set: gates, measurements and resets by their `__quantum__qis__` names."""

from __future__ import annotations

from dataclasses import dataclass

from azure_quantum_emulator.programs.gate_spec import standard


@dataclass(frozen=True, slots=True)
class Measurement:
    """A QIR function of a qubit and a result."""

    resets: bool = False
    """Whether the qubit is in |0> afterwards."""


_ONE_QUBIT = ("h", "x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz")
_MORE_QUBITS = ("cx", "cy", "cz", "swap", "rxx", "ryy", "rzz", "ccx")


_BY_NAME = {name: standard(name) for name in (*_ONE_QUBIT, *_MORE_QUBITS)}
_BY_NAME["cnot"] = standard("cx")

GATES = {
    f"{name}__{variant}": gate if variant == "body" else gate.adjoint()
    for name, gate in _BY_NAME.items()
    for variant in ("body", "adj")
}
"""Unitary functions by their name after `__quantum__qis__`: parameters first, then qubits."""

MEASUREMENTS = {
    "m__body": Measurement(),
    "mz__body": Measurement(),
    "mresetz__body": Measurement(resets=True),
}
"""Measurements in the computational basis, named likewise."""

RESETS = frozenset({"reset__body"})
BARRIERS = frozenset({"barrier__body"})
