"""OpenQASM 2.0 as Quantinuum takes it: with more gates, and with classical statements."""

from __future__ import annotations

import re
from collections.abc import Container
from math import pi

from qiskit import QuantumCircuit, qasm2
from qiskit.circuit import Gate
from qiskit.circuit.library import RGate, RZZGate, SXdgGate, SXGate

from azure_quantum_emulator.errors import InvalidInputError
from azure_quantum_emulator.programs import angles
from azure_quantum_emulator.programs.openqasm_classical import ClassicalStatements
from azure_quantum_emulator.programs.program import CircuitProgram, Registers


def _fully_entangling() -> RZZGate:
    """Return ZZ, which is exp(-i pi/4 Z Z)."""
    return RZZGate(pi / 2)


# The parser knows no names in capitals, which is how Quantinuum writes its own gates.
_LOWER_CASE = {"U1q": "u1q", "ZZ": "zz", "RZZ": "rzz", "Rz": "rz"}
_CAPITALS = re.compile(rf"\b({'|'.join(_LOWER_CASE)})\b")
_INCLUDED = re.compile(r'include\s+"hqslib1\.inc"')  # Quantinuum's library, a superset of qelib1

_GATES = [
    *qasm2.LEGACY_CUSTOM_INSTRUCTIONS,
    qasm2.CustomInstruction("zz", 0, 2, _fully_entangling, builtin=True),
    qasm2.CustomInstruction("v", 0, 1, SXGate, builtin=True),
    qasm2.CustomInstruction("vdg", 0, 1, SXdgGate, builtin=True),
    qasm2.CustomInstruction("u1q", 2, 1, RGate, builtin=True),
]
"""What is known beside the standard library."""

_SIZE = re.compile(r"\b[qc]reg\s+\w+\s*\[\s*0*(\d+)")
_MOST_DIGITS = 9
LARGEST = 65536
"""More qubits and bits than any target has; billions would fill the memory."""

_DEFINED = re.compile(r"\bgate\s+(\w+)")
"""A definition in the program itself, which goes first."""


def parse(source: bytes) -> CircuitProgram:
    """Read OpenQASM 2.0.

    Raises:
        ProgramError: it is no OpenQASM 2.0, or has no classical register to give out.

    """
    circuit = _load(source)
    if not circuit.cregs:
        raise InvalidInputError("The program has no classical register, so nothing to give out.")
    registers, first = {}, 0
    for register in circuit.cregs:  # one after the other, and each bit in one of them
        registers[register.name] = range(first, first + register.size)
        first += register.size
    return CircuitProgram(circuit, Registers(registers))


def _check_sizes(text: str) -> None:
    """Refuse registers that would fill the memory before they are counted."""
    sizes = _SIZE.findall(text)
    # The digits are counted first, because it takes long to read millions of them.
    if any(len(size) > _MOST_DIGITS for size in sizes) or sum(map(int, sizes)) > LARGEST:
        raise InvalidInputError(f"The registers have more than {LARGEST} qubits and bits.")


def _check_gates(circuit: QuantumCircuit, defined: Container[str], seen: set[object]) -> None:
    """Refuse gates that are declared alone, and angles that are no numbers in those *defined*."""
    for instruction in circuit.data:
        operation = instruction.operation
        for block in getattr(operation, "blocks", ()):
            _check_gates(block, defined, seen)
        if operation.base_class is Gate:
            raise InvalidInputError(
                f"The gate {operation.name} is opaque: its declaration does not say what it does."
            )
        used = (operation.name, *operation.params)
        if operation.name in defined and used not in seen:
            seen.add(used)
            angles.check(operation.definition)
            _check_gates(operation.definition, defined, seen)


def _load(source: bytes) -> QuantumCircuit:
    try:
        text = _CAPITALS.sub(lambda found: _LOWER_CASE[found[1]], source.decode())
        text = _INCLUDED.sub('include "qelib1.inc"', text)
        _check_sizes(text)
        defined = set(_DEFINED.findall(text))
        known = [gate for gate in _GATES if gate.name not in defined]
        statements = ClassicalStatements()
        text = statements.take_out(text)
        circuit = qasm2.loads(text, include_path=(), custom_instructions=known)
        circuit = statements.put_in(circuit)
        _check_gates(circuit, defined, set())
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The input is not text: {error}") from error
    except qasm2.QASM2ParseError as error:
        raise InvalidInputError(f"The input is not OpenQASM 2.0: {error.message}") from error
    return circuit
