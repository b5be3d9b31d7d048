"""Expressions of classical bits in Quantinuum's OpenQASM 2.0, as Qiskit has them.

or  -> xor ("|" xor)*        and -> not ("&" not)*
xor -> and ("^" and)*        not -> "~" not | "(" or ")" | number | register | bit
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from qiskit.circuit import ClassicalRegister
from qiskit.circuit.classical import expr, types

from azure_quantum_emulator.errors import InvalidInputError

_TOKEN = re.compile(r"\s*(?:(\d+)|([a-z]\w*)\s*(?:\[\s*(\d+)\s*\])?|(\*\*|<<|>>|[-+*/|&^~()]))")
_BINARY: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("|", expr.bit_or),
    ("^", expr.bit_xor),
    ("&", expr.bit_and),
)
"""The operators by how tightly they bind, the loosest first."""


def parse(text: str, registers: Mapping[str, ClassicalRegister], width: int | None) -> Any:  # noqa: ANN401
    """Return the expression that *text* is, of as many bits as it is assigned to.

    Args:
        text: of an assignment, behind the equals sign
        registers: by their names
        width: of the register that it is assigned to; None is a single bit

    Raises:
        ProgramError: it is no expression of these registers, or is one that the simulator does not
            know.

    """
    return _Parser(text, registers, width).whole()


def bit(registers: Mapping[str, ClassicalRegister], name: str, index: int) -> Any:  # noqa: ANN401
    """Return a bit of a register.

    Raises:
        ProgramError: there is none.

    """
    if name not in registers:
        raise InvalidInputError(f"There is no classical register {name}.")
    if index >= registers[name].size:
        raise InvalidInputError(f"The register {name} has no bit {index}.")
    return registers[name][index]


class _Parser:
    def __init__(
        self, text: str, registers: Mapping[str, ClassicalRegister], width: int | None
    ) -> None:
        self._text = text
        self._place = 0
        self._registers = registers
        self._width = width

    def whole(self) -> Any:  # noqa: ANN401 - Qiskit is not typed
        found = self._binary(0)
        if self._text[self._place :].strip():
            raise self._error()
        return found

    def _binary(self, level: int) -> Any:  # noqa: ANN401 - likewise
        if level == len(_BINARY):
            return self._unary()
        operator, combine = _BINARY[level]
        found = self._binary(level + 1)
        while self._takes(operator):
            found = combine(found, self._binary(level + 1))
        return found

    def _unary(self) -> Any:  # noqa: ANN401 - likewise
        if self._takes("~"):
            operand = self._unary()
            return expr.logic_not(operand) if self._width is None else expr.bit_not(operand)
        if self._takes("("):
            found = self._binary(0)
            if not self._takes(")"):
                raise self._error()
            return found
        return self._operand()

    def _operand(self) -> Any:  # noqa: ANN401 - likewise
        token = _TOKEN.match(self._text, self._place)
        if token is None or token[4]:
            raise self._error()
        self._place = token.end()
        number, name, index = token[1], token[2], token[3]
        if number is not None:
            return self._number(int(number))
        single = bit(self._registers, name, int(index or 0))
        if self._width is None:
            return expr.lift(single)
        if index is not None:
            return expr.cast(expr.lift(single), types.Uint(self._width))
        return expr.cast(expr.lift(self._registers[name]), types.Uint(self._width))

    def _number(self, number: int) -> Any:  # noqa: ANN401 - likewise
        if self._width is None:
            return expr.lift(bool(number & 1))
        return expr.lift(number % 2**self._width, types.Uint(self._width))

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
