"""The value of an expression in a Quil program, such as `-theta[0]*2 + pi/2`."""

from __future__ import annotations

import cmath
import operator
from collections.abc import Callable, Mapping, Sequence

from lark import Token, Transformer, Tree, v_args
from lark.exceptions import VisitError

from azure_quantum_emulator.errors import InvalidInputError

type Memory = Mapping[str, Sequence[float]]
"""The values of memory regions that hold parameters, by the name of the region."""

_FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "sin": cmath.sin,
    "cos": cmath.cos,
    "sqrt": cmath.sqrt,
    "exp": cmath.exp,
    "cis": lambda angle: cmath.exp(1j * angle),
}
_CONSTANTS = {"pi": cmath.pi, "i": 1j}


def value(expression: Tree[Token], memory: Memory) -> complex:
    """Return the value of *expression* with the parameters in *memory*.

    Raises:
        InvalidInputError: it names memory that is not there, or has no value.

    """
    try:
        return _Evaluator(memory).transform(expression)
    except VisitError as error:
        match error.orig_exc:
            case ArithmeticError() | ValueError() as cause:
                raise InvalidInputError(f"an expression has no value: {cause}") from cause
            case cause:
                raise cause from None


@v_args(inline=True)
class _Evaluator(Transformer[Token, complex]):
    """Evaluates an expression from the leaves up, by the names of the grammar's rules."""

    add, sub, mul, div = operator.add, operator.sub, operator.mul, operator.truediv
    neg, pow = operator.neg, operator.pow

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def number(self, text: str) -> complex:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        return float(text[:-1]) * 1j if text.endswith("i") else float(text)

    def call(self, function: str, argument: complex) -> complex:
        return _FUNCTIONS[function.lower()](argument)

    def reference(self, region: str, index: str | None) -> float:
        values, place = self._memory.get(region, ()), int(index or 0)
        if place >= len(values):
            raise InvalidInputError(f"there is no parameter {region}[{place}]")
        return values[place]
