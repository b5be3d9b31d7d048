"""Expressions of classical bits in Quantinuum's OpenQASM 2.0, as Qiskit has them.

or  -> xor ("|" xor)*        and -> not ("&" not)*
xor -> and ("^" and)*        not -> "~" not | "(" or ")" | number | register | bit

All of them are computed bit by bit: Aer's whole numbers are wrong beyond 32 bits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qiskit.circuit import ClassicalRegister, Clbit
from qiskit.circuit.classical import expr

from azure_quantum_emulator.errors import InvalidInputError

type Expression = Any  # Qiskit is not typed
type Bits = Callable[[int], Expression]
"""An expression by the place of its bit, the lowest first."""

_TOKEN = re.compile(r"\s*(?:(\d+)|([a-z]\w*)\s*(?:\[\s*(\d+)\s*\])?|(\*\*|<<|>>|[-+*/|&^~()]))")
_BINARY: tuple[tuple[str, Callable[[Expression, Expression], Expression]], ...] = (
    ("|", expr.bit_or),
    ("^", expr.bit_xor),
    ("&", expr.bit_and),
)
"""The operators by how tightly they bind, the loosest first."""

_FALSE, _TRUE = map(expr.lift, (False, True))


def parse(text: str, registers: Mapping[str, ClassicalRegister]) -> Bits:
    """Return the expression that *text* is.

    Args:
        text: of an assignment, behind the equals sign
        registers: by their names

    Raises:
        ProgramError: it is no expression of these registers, or is one that the simulator does not
            know.

    """
    return _Parser(text, registers).whole()


def compared(register: ClassicalRegister, relation: str, value: int) -> Expression:
    """Return the expression that a register is in a relation to a number, which fits into it."""
    less, equal = _ordered([*register], value)
    match relation:
        case "==":
            return equal
        case "!=":
            return expr.logic_not(equal)
        case "<":
            return less
        case ">=":
            return expr.logic_not(less)
        case "<=":
            return expr.logic_or(less, equal)
        case _:
            return expr.logic_not(expr.logic_or(less, equal))


def bit(registers: Mapping[str, ClassicalRegister], name: str, index: int) -> Clbit:
    """Return a bit of a register.

    Raises:
        ProgramError: there is none.

    """
    if name not in registers:
        raise InvalidInputError(f"There is no classical register {name}.")
    if index >= registers[name].size:
        raise InvalidInputError(f"The register {name} has no bit {index}.")
    return registers[name][index]


def _ordered(bits: Sequence[Clbit], value: int) -> tuple[Expression, Expression]:
    """Return the expressions that bits, the lowest first, are less than a number, and equal."""
    if not bits:
        return _FALSE, _TRUE
    if len(bits) == 1:
        one = expr.lift(bits[0])
        zero = expr.logic_not(one)
        return (zero, one) if value else (_FALSE, zero)
    half = len(bits) // 2
    less, equal = _ordered(bits[:half], value % 2**half)
    above_less, above_equal = _ordered(bits[half:], value >> half)
    both = expr.logic_and(above_equal, less)
    return expr.logic_or(above_less, both), expr.logic_and(above_equal, equal)


class _Parser:
    def __init__(self, text: str, registers: Mapping[str, ClassicalRegister]) -> None:
        self._text = text
        self._place = 0
        self._registers = registers

    def whole(self) -> Bits:
        found = self._binary(0)
        if self._text[self._place :].strip():
            raise self._error()
        return found

    def _binary(self, level: int) -> Bits:
        if level == len(_BINARY):
            return self._unary()
        operator, combine = _BINARY[level]
        found = self._binary(level + 1)
        while self._takes(operator):
            found = _combined(combine, found, self._binary(level + 1))
        return found

    def _unary(self) -> Bits:
        if self._takes("~"):
            operand = self._unary()
            return lambda place: expr.logic_not(operand(place))
        if self._takes("("):
            found = self._binary(0)
            if not self._takes(")"):
                raise self._error()
            return found
        return self._operand()

    def _operand(self) -> Bits:
        token = _TOKEN.match(self._text, self._place)
        if token is None or token[4]:
            raise self._error()
        self._place = token.end()
        if token[1] is not None:
            number = int(token[1])
            return lambda place: _TRUE if number >> place & 1 else _FALSE
        first = bit(self._registers, token[2], int(token[3] or 0))
        bits = [first] if token[3] is not None else [*self._registers[token[2]]]
        return lambda place: expr.lift(bits[place]) if place < len(bits) else _FALSE

    def _takes(self, operator: str) -> bool:
        token = _TOKEN.match(self._text, self._place)
        if token is None or token[4] != operator:
            return False
        self._place = token.end()
        return True

    def _error(self) -> InvalidInputError:
        token = _TOKEN.match(self._text, self._place)
        if token is not None and token[4] not in {None, ")", "~", "("}:
            return InvalidInputError(
                f"The operator {token[4]} of {self._text.strip()!r} is not simulated; "
                "|, ^, & and ~ are."
            )
        return InvalidInputError(f"{self._text.strip()!r} is no expression of classical bits.")


def _combined(
    combine: Callable[[Expression, Expression], Expression], one: Bits, other: Bits
) -> Bits:
    return lambda place: combine(one(place), other(place))
