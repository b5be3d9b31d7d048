"""Evaluation of operators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from tools.bicep.constants import as_text
from tools.bicep.expressions import Expression, Operation
from tools.bicep.frames import Bound
from tools.bicep.literals import Plain
from tools.bicep.plain import Evaluate, NotKnownError, plain
from tools.bicep.values import MOST, Scalar, Unknown, Value


def text(parts: Sequence[Expression], bound: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the possible values of an interpolated string."""
    every = (evaluate(Bound.of(part, bound.frame)) for part in parts)
    for chosen in itertools.islice(itertools.product(*every), MOST):
        try:
            yield Scalar("".join(as_text(plain(each, evaluate)) for each in chosen), bound.place)
        except NotKnownError:
            yield Unknown(bound)


def operation(written: Operation, bound: Bound, evaluate: Evaluate) -> Iterator[Value]:
    """Yield the possible values of an operation."""
    every = (evaluate(Bound.of(operand, bound.frame)) for operand in written.operands)
    found: dict[bool | int, None] = {}
    unknown = False
    for chosen in itertools.islice(itertools.product(*every), MOST):
        try:
            found[_operated(written.operator, chosen, evaluate)] = None
        except NotKnownError:
            unknown = True
    yield from (Scalar(each, bound.place) for each in found)
    if unknown:
        yield Unknown(bound)


def _operated(operator: str, values: Sequence[Value], evaluate: Evaluate) -> bool | int:
    known: list[Plain] = []
    for value in values:
        try:
            known.append(plain(value, evaluate))
        except NotKnownError:
            continue
        if _decided(operator, known[-1]):
            return operator == "||"
    if len(known) < len(values):
        raise NotKnownError
    return _unary(operator, *known) if len(known) == 1 else _binary(operator, *known)


def _unary(operator: str, operand: Plain) -> bool | int:
    """Apply a unary operator.

    Raises:
        NotKnownError: it takes no value of this kind.

    """
    if operator == "!" and isinstance(operand, bool):
        return not operand
    if operator == "-" and type(operand) is int:
        return -operand
    raise NotKnownError


def _binary(operator: str, left: Plain, right: Plain) -> bool | int:
    """Apply a binary operator.

    Raises:
        NotKnownError: it takes no values of these kinds, or how texts compare is not certain.

    """
    if operator in {"==", "!="}:
        return (type(left) is type(right) and left == right) == (operator == "==")
    if isinstance(left, bool) and isinstance(right, bool) and operator in {"&&", "||"}:
        return (left and right) if operator == "&&" else (left or right)
    if isinstance(left, str) and isinstance(right, str):
        return _texts(operator, left, right)
    if type(left) is int and type(right) is int and operator in _OF_NUMBERS:
        return _OF_NUMBERS[operator](left, right)
    raise NotKnownError


def _decided(operator: str, operand: Plain) -> bool:
    """Tell whether the other operand does not count, as in `false && x`."""
    return isinstance(operand, bool) and (operator, operand) in {("&&", False), ("||", True)}


def _texts(operator: str, left: str, right: str) -> bool:
    if operator in {"=~", "!~"}:
        return (left.lower() == right.lower()) == (operator == "=~")
    if operator not in _ORDERS:
        raise NotKnownError
    compare = _ORDERS[operator]
    sensitive, insensitive = compare(left, right), compare(left.upper(), right.upper())
    if sensitive != insensitive:
        raise NotKnownError
    return sensitive


def _quotient(left: int, right: int) -> int:
    """Return the quotient without its fraction, also below zero."""
    if right == 0:
        raise NotKnownError
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_ORDERS: Mapping[str, Callable[[str, str], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}

_OF_NUMBERS: Mapping[str, Callable[[int, int], int | bool]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _quotient,
    "%": lambda left, right: left - right * _quotient(left, right),
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
