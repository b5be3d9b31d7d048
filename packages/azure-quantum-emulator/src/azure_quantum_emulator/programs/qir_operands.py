"""The operands of quantum instructions in QIR, checked against the entry point's declarations.

An operand that the program computes is not known here, and None: an interpreter meets it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import pyqir

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir_module
from azure_quantum_emulator.programs.qir_gates import BARRIERS, GATES, MEASUREMENTS, RESETS

_NUMBERED = re.compile(r"ptr inttoptr \(i64 (-?\d+) to ptr\)")
"""LLVM's text of a constant that QIR has for a qubit or a result."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The numbers of operands of an instruction, in this order."""

    angles: int = 0
    qubits: int = 0
    results: int = 0


@dataclass(frozen=True, slots=True)
class Operands:
    """Those of one call."""

    angles: Sequence[float | None] = ()
    qubits: Sequence[int | None] = ()
    results: Sequence[int | None] = ()

    @property
    def are_known(self) -> bool:
        """Whether none of them is computed."""
        return None not in (*self.angles, *self.qubits, *self.results)


def signature(name: str) -> Signature:
    """Return the signature of an instruction, by its name after `__quantum__qis__`.

    Raises:
        ProgramError: no target has it.

    """
    if gate := GATES.get(name):
        return Signature(gate.parameters, gate.qubits)
    if name in MEASUREMENTS:
        return Signature(qubits=1, results=1)
    if name in RESETS:
        return Signature(qubits=1)
    if name in BARRIERS:
        return Signature()
    raise ProgramError(f"The instruction {name} is not supported.")


@dataclass(frozen=True, slots=True)
class Declared:
    """The numbers of qubits and results that an entry point declares."""

    qubits: int
    results: int

    def operands(self, call: pyqir.Call) -> Operands:
        """Return the operands of a quantum instruction.

        Raises:
            ProgramError: no target has it, it has too many or too few of them, or one that is not
                declared, twice the same qubit, or an angle that is no number.

        """
        name = call.callee.name.removeprefix(qir_module.QIS)
        taken, args = signature(name), call.args
        expected = taken.angles + taken.qubits + taken.results
        # A barrier may name the qubits that it is for.
        if len(args) != expected and name not in BARRIERS:
            raise ProgramError(f"The instruction {name} has {len(args)} arguments, not {expected}.")
        split = taken.angles + taken.qubits
        qubits = [self.qubit(value) for value in args[taken.angles : split]]
        known = [qubit for qubit in qubits if qubit is not None]
        if len(set(known)) < len(known):
            raise ProgramError(f"The instruction {name} names a qubit twice.")
        return Operands(
            [_angle(name, value) for value in args[: taken.angles]],
            qubits,
            [self.result(value) for value in args[split:expected]],
        )

    def qubit(self, value: pyqir.Value) -> int | None:
        """Return the number of a qubit; a ProgramError if it is not declared."""
        return _identifier("qubit", value, self.qubits)

    def result(self, value: pyqir.Value) -> int | None:
        """Return the number of a result; a ProgramError if it is not declared."""
        return _identifier("result", value, self.results)


def check_record(call: pyqir.Call) -> None:
    """Check the value that a call records.

    Raises:
        ProgramError: it has none, or one of another type.

    """
    name = call.callee.name
    kind, values = qir_module.RECORD_CALLS[name], call.args[:1]
    if not all(_is_of(kind, value.type) for value in values) or not values:
        raise ProgramError(f"The function {name} records no value of its type.")
    size = values[0] if kind in {"array", "tuple"} else None
    if isinstance(size, pyqir.IntConstant) and whole(size) < 0:
        raise ProgramError(f"The function {name} records less than no items.")


def whole(constant: pyqir.IntConstant) -> int:
    """Return the number that a constant of 64 bits is, of which PyQIR tells the bits."""
    bits = constant.value
    return bits - 2**64 if bits >= 2**63 else bits


def _is_of(kind: str, given: pyqir.Type) -> bool:
    if kind == "result":
        return isinstance(given, pyqir.PointerType)
    if kind == "double":
        return bool(given.is_double)
    return isinstance(given, pyqir.IntType) and given.width == (1 if kind == "bool" else 64)


def _angle(name: str, value: pyqir.Value) -> float | None:
    if not value.type.is_double:
        raise ProgramError(f"The instruction {name} has an angle that is no double.")
    if not isinstance(value, pyqir.Constant):
        return None
    angle: float | str = str(value).removeprefix("double ")  # undef, or poison
    if isinstance(value, pyqir.FloatConstant):
        angle = value.value
        if isfinite(angle):
            return angle
    raise ProgramError(f"The instruction {name} has the angle {angle}, which is no number.")


def _identifier(what: str, value: pyqir.Value, count: int) -> int | None:
    number = _number(what, value)
    if number is not None and number >= count:
        raise ProgramError(f"The {what} {number} is used, but only {count} are declared.")
    return number


def _number(what: str, value: pyqir.Value) -> int | None:
    """Return the number that a pointer stands for; None if the program computes it."""
    if not isinstance(value.type, pyqir.PointerType):
        raise ProgramError(f"A {what} is no pointer.")
    if not isinstance(value, pyqir.Constant):
        return None
    if value.is_null:
        return 0
    # PyQIR and the QDK take every other constant for such a number too, and read memory that is
    # none of it.
    if found := _NUMBERED.fullmatch(str(value)):
        return int(found[1]) % 2**64
    raise ProgramError(f"A {what} is a constant that is no number of 64 bits.")
