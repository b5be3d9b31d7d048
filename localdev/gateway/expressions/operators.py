"""Operators: the types of their operands, and their evaluation."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from localdev.gateway.expressions.scope import Typed
from localdev.gateway.expressions.types import (
    BOOL,
    INT,
    LONG,
    NULL,
    OBJECT,
    STRING,
    Converter,
    Type,
    implicit,
    same,
)
from localdev.gateway.expressions.values import render

type Compare = Callable[[Any, Any], bool]

COMPARISONS: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUALITIES: dict[str, Compare] = {"==": operator.eq, "!=": operator.ne}
_NUMBERS = {INT, LONG}
PRINTABLE: dict[Type, Callable[[object], str]] = dict.fromkeys(
    (STRING, BOOL, INT, LONG, OBJECT, NULL), render
)
"""Types whose text says what the value is, and not what it is called in .NET."""


def binary(sign: str, left: Typed, right: Typed) -> Typed | None:
    """Return the typed closure of a binary operator, or None if it does not take these types."""
    types = {left.type, right.type}
    a, b = left.run, right.run
    if sign == "&&" and types == {BOOL}:
        return Typed(BOOL, lambda frame: a(frame) and b(frame))
    if sign == "||" and types == {BOOL}:
        return Typed(BOOL, lambda frame: a(frame) or b(frame))
    if sign == "+" and STRING in types and types <= PRINTABLE.keys():
        first, second = PRINTABLE[left.type], PRINTABLE[right.type]
        return Typed(STRING, lambda frame: first(a(frame)) + second(b(frame)))
    compare = COMPARISONS.get(sign) if types <= _NUMBERS else None
    if sign in EQUALITIES and _comparable(left.type, right.type):
        compare = EQUALITIES[sign]
    return None if compare is None else Typed(BOOL, lambda frame: compare(a(frame), b(frame)))


def _comparable(left: Type, right: Type) -> bool:
    """Return whether C# compares these types as Python does."""
    if NULL in {left, right}:
        return left.nullable and right.nullable
    return {left, right} <= _NUMBERS or (left == right and left in {STRING, BOOL})


def converted(value: Typed, target: Type, convert: Converter | None) -> Typed | None:
    """Return the closure of a conversion; None if there is no conversion."""
    if convert is None:
        return None
    if value.type == target:
        return value
    run = value.run
    return Typed(target, run if convert is same else lambda frame: convert(run(frame)))


def unified(first: Typed, second: Typed) -> tuple[Typed, Typed] | None:
    """Return both values converted to their common type, or None if there is none."""
    if first.type is second.type is NULL:
        return None
    to_first = converted(second, first.type, implicit(second.type, first.type))
    if to_first is not None and first.type is not NULL:
        return first, to_first
    to_second = converted(first, second.type, implicit(first.type, second.type))
    return None if to_second is None else (to_second, second)
