"""Decomposition of the gates that Aer does not know.

That is not a translation to the gates of a device, and nothing is optimised: it takes microseconds
where there is nothing to replace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Qubit
from qiskit.circuit.library import get_standard_gate_name_mapping

from azure_quantum_emulator.errors import InvalidInputError
from azure_quantum_emulator.programs import angles

_GATES = get_standard_gate_name_mapping()
_KNOWN = frozenset(
    {"id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "p", "rx", "ry", "rz", "r"}
    | {"u", "u1", "u2", "u3", "rxx", "ryy", "rzz", "rzx", "swap", "ecr", "cswap", "ccx", "ccz"}
    | {"cx", "cy", "cz", "cp", "crx", "cry", "crz", "csx", "cu", "cu1", "cu3"}
    | {"unitary", "measure", "reset", "barrier", "store"}
)
"""Instructions that Aer runs as they are, whatever its method."""


def lower(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return *circuit* in gates that Aer knows; itself if it has no others.

    Raises:
        ProgramError: a gate is declared, but not defined, or has an angle that is no number.

    """
    lowered = _lowered(circuit)
    angles.check(lowered)
    return lowered


def _lowered(circuit: QuantumCircuit) -> QuantumCircuit:
    if all(_is_known(instruction.operation) for instruction in circuit.data):
        return circuit
    lowered = circuit.copy_empty_like()
    for instruction in circuit.data:
        _add(lowered, instruction.operation, instruction.qubits, instruction.clbits)
    return lowered


def _is_known(operation: Any) -> bool:  # noqa: ANN401 - Qiskit is not typed
    if operation.name not in _KNOWN:
        return False
    standard = _GATES.get(operation.name)
    # A program may define a gate of its own under a name that is known for another.
    if standard is None:
        return True
    return operation.base_class is standard.base_class


def _add(
    circuit: QuantumCircuit,
    operation: Any,  # noqa: ANN401 - Qiskit is not typed
    qubits: Sequence[Qubit],
    clbits: Sequence[Clbit],
) -> None:
    if _is_known(operation):
        circuit.append(operation, qubits, clbits)
    elif operation.name == "if_else":
        blocks = [_lowered(block) for block in operation.blocks]
        circuit.append(operation.replace_blocks(blocks), qubits, clbits)
    elif operation.definition is None:
        raise InvalidInputError(f"The gate {operation.name} is not defined.")
    else:
        definition = operation.definition
        circuit.global_phase += definition.global_phase
        for inner in definition.data:
            places = [qubits[definition.find_bit(qubit).index] for qubit in inner.qubits]
            _add(circuit, inner.operation, places, ())
