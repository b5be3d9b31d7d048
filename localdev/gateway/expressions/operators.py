"""Operators: the types of their operands, and their evaluation."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from localdev.gateway.expressions import types
from localdev.gateway.expressions.scope import Typed
from localdev.gateway.expressions.values import render

type Compare = Callable[[Any, Any], bool]

COMPARISONS: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUALITIES: dict[str, Compare] = {"==": operator.eq, "!=": operator.ne}
_NUMBERS = {types.INT, types.LONG}
PRINTABLE: dict[types.Type, Callable[[object], str]] = dict.fromkeys(
    (types.STRING, types.BOOL, types.INT, types.LONG, types.OBJECT, types.NULL), render
)
"""Types whose text says what the value is, and not what it is called in .NET."""


def binary(sign: str, left: Typed, right: Typed) -> Typed | None:
    """Return the typed closure of a binary operator, or None if it does not take these types."""
    operands = {left.type, right.type}
    a, b = left.run, right.run
    if sign == "&&" and operands == {types.BOOL}:
        return Typed(types.BOOL, lambda frame: a(frame) and b(frame))
    if sign == "||" and operands == {types.BOOL}:
        return Typed(types.BOOL, lambda frame: a(frame) or b(frame))
    if sign == "+" and types.STRING in operands and operands <= PRINTABLE.keys():
        first, second = PRINTABLE[left.type], PRINTABLE[right.type]
        return Typed(types.STRING, lambda frame: first(a(frame)) + second(b(frame)))
    compare = COMPARISONS.get(sign) if operands <= _NUMBERS else None
    if sign in EQUALITIES and _comparable(left.type, right.type):
        compare = EQUALITIES[sign]
    return None if compare is None else Typed(types.BOOL, lambda frame: compare(a(frame), b(frame)))


def _comparable(left: types.Type, right: types.Type) -> bool:
    """Return whether C# compares these types as Python does."""
    if types.NULL in {left, right}:
        return left.nullable and right.nullable
    return {left, right} <= _NUMBERS or (left == right and left in {types.STRING, types.BOOL})


def converted(value: Typed, target: types.Type, convert: types.Converter | None) -> Typed | None:
    """Return the closure of a conversion; None if there is no conversion."""
    if convert is None:
        return None
    if value.type == target:
        return value
    run = value.run
    return Typed(target, run if convert is types.same else lambda frame: convert(run(frame)))


def unified(first: Typed, second: Typed) -> tuple[Typed, Typed] | None:
    """Return both values converted to their common type, or None if there is none."""
    if first.type is second.type is types.NULL:
        return None
    to_first = converted(second, first.type, types.implicit(second.type, first.type))
    if to_first is not None and first.type is not types.NULL:
        return first, to_first
    to_second = converted(first, second.type, types.implicit(first.type, second.type))
    return None if to_second is None else (to_second, second)
