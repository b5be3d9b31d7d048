"""Gates as the program formats name them: an arity, and a function that makes the Qiskit gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qiskit.circuit import Gate
from qiskit.circuit.library import get_standard_gate_name_mapping

_STANDARD = get_standard_gate_name_mapping()


@dataclass(frozen=True, slots=True)
class GateSpec:
    """A gate on so many qubits, given so many parameters."""

    gate: Callable[..., Gate]
    qubits: int
    parameters: int = 0

    def adjoint(self) -> GateSpec:
        """Return the inverse gate of the same parameters."""
        return GateSpec(lambda *angles: self.gate(*angles).inverse(), self.qubits, self.parameters)


def standard(name: str) -> GateSpec:
    """Return the gate that Qiskit's standard library has under *name*."""
    gate = _STANDARD[name]
    return GateSpec(gate.base_class, gate.num_qubits, len(gate.params))
