"""The value of an expression in a Quil program, such as `-theta[0]*2 + pi/2`."""

from __future__ import annotations

import cmath
import operator
from collections.abc import Callable, Mapping, Sequence

from lark import Token, Tree

from azure_quantum_emulator.errors import InvalidInputError

type Memory = Mapping[str, Sequence[float]]
"""The values of memory regions that hold parameters, by the name of the region."""

_OPERATORS: dict[str, Callable[..., complex]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": operator.pow,
}
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
        ProgramError: it names memory that is not there, or has no value.

    """
    match expression:
        case Tree(data="number", children=[Token() as number]):
            return _number(str(number))
        case Tree(data="reference", children=[Token() as region, index]):
            return _load(str(region), int(str(index or 0)), memory)
        case Tree(data="call", children=[Token() as function, Tree() as argument]):
            arguments = [value(argument, memory)]
            apply: Callable[..., complex] = _FUNCTIONS[function.lower()]
        case _:
            parts = [part for part in expression.children if isinstance(part, Tree)]
            arguments = [value(part, memory) for part in parts]
            apply = _OPERATORS[str(expression.data)]
    try:
        return apply(*arguments)
    except (ArithmeticError, ValueError) as error:
        raise InvalidInputError(f"an expression has no value: {error}") from error


def _number(text: str) -> complex:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return float(text[:-1]) * 1j if text.endswith("i") else float(text)


def _load(region: str, index: int, memory: Memory) -> float:
    values = memory.get(region)
    if values is None or index >= len(values):
        raise InvalidInputError(f"there is no parameter {region}[{index}]")
    return values[index]
