"""Operators: which types they take, and what they compute."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import wrap
from localdev.gateway.expressions.scope import Frame, Typed
from localdev.gateway.expressions.types import (
    BOOL,
    CHAR,
    DOUBLE,
    GUID,
    INT,
    JARRAY,
    JOBJECT,
    JTOKEN,
    LONG,
    NULL,
    NUMBERS,
    OBJECT,
    STRING,
    Converter,
    Type,
    implicit,
    same,
)
from localdev.gateway.expressions.values import render

PRINTABLE = {BOOL, *NUMBERS, GUID, STRING, OBJECT, NULL, JTOKEN, JOBJECT, JARRAY}
"""Types whose text says what the value is, and not what it is called in .NET."""
_BITS = {INT: 32, LONG: 64}
_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_EQUALITIES = {"==": operator.eq, "!=": operator.ne}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def binary(sign: str, left: Typed, right: Typed) -> Typed | None:
    """Return what an operator makes of two operands, or None if it does not take their types.

    Raises:
        ArithmeticError: the operands are constants, and C# refuses to compute this.

    """
    if sign in {"&&", "||"}:
        return _logical(sign, left, right)
    if sign == "+" and STRING in {left.type, right.type}:
        return _concatenation(left, right) if {left.type, right.type} <= PRINTABLE else None
    if sign in _EQUALITIES:
        return _equality(sign, left, right)
    return _numeric(sign, left, right)


def converted(value: Typed, target: Type, convert: Converter | None) -> Typed | None:
    """Return a value of another type; None if it does not convert."""
    if convert is None:
        return None
    if value.type == target:
        return value
    run = value.run
    if convert is same:
        return Typed(target, run, value.constant)
    return Typed(target, lambda frame: convert(run(frame)))


def _logical(sign: str, left: Typed, right: Typed) -> Typed | None:
    if (left.type, right.type) != (BOOL, BOOL):
        return None
    a, b = left.run, right.run
    if sign == "&&":
        return Typed(BOOL, lambda frame: a(frame) and b(frame))
    return Typed(BOOL, lambda frame: a(frame) or b(frame))


def _concatenation(left: Typed, right: Typed) -> Typed:
    a, b = left.run, right.run
    if left.type == right.type:
        return Typed(STRING, lambda frame: (a(frame) or "") + (b(frame) or ""))
    return Typed(STRING, lambda frame: render(a(frame)) + render(b(frame)))


def _equality(sign: str, left: Typed, right: Typed) -> Typed | None:
    compare = _EQUALITIES[sign]
    a, b = left.run, right.run
    nothing = NULL in {left.type, right.type}
    if nothing and left.type.nullable and right.type.nullable:
        return Typed(BOOL, lambda frame: compare(a(frame), b(frame)))
    if left.type == right.type and left.type in {STRING, BOOL}:
        return Typed(BOOL, lambda frame: compare(a(frame), b(frame)))
    return _compared(compare, left, right)


def _numeric(sign: str, left: Typed, right: Typed) -> Typed | None:
    if sign in _COMPARISONS:
        return _compared(_COMPARISONS[sign], left, right)
    common = _common(left.type, right.type)
    pair = None if common is None else _both(left, right, common)
    compute = None if common is None else _ARITHMETIC.get(sign) or _division(sign, common)
    if common is None or pair is None or compute is None:
        return None
    a, b = pair
    bits = _BITS.get(common)
    if bits is None:
        return Typed(common, lambda frame: compute(a(frame), b(frame)))
    if sign in {"/", "%"} and right.constant == 0:
        raise ZeroDivisionError("this divides by zero")
    if left.constant is not None and right.constant is not None:
        return _constant(common, bits, compute(left.constant, right.constant))
    return Typed(common, lambda frame: wrap(compute(a(frame), b(frame)), bits))


def _constant(type_: Type, bits: int, value: int) -> Typed:
    if value != wrap(value, bits):
        raise OverflowError(f"{value} is too large for {type_}")
    return Typed(type_, lambda _: value, value)


def _compared(compare: Callable[[Any, Any], bool], left: Typed, right: Typed) -> Typed | None:
    common = _common(left.type, right.type)
    pair = None if common is None else _both(left, right, common)
    if pair is None:
        return None
    a, b = pair
    return Typed(BOOL, lambda frame: compare(a(frame), b(frame)))


def _common(left: Type, right: Type) -> Type | None:
    """Return the type in which two numbers are computed: int at least."""
    if left not in NUMBERS or right not in NUMBERS:
        return None
    return NUMBERS[max(NUMBERS.index(left), NUMBERS.index(right), NUMBERS.index(INT))]


def _both(
    left: Typed, right: Typed, common: Type
) -> tuple[Callable[[Frame], Any], Callable[[Frame], Any]] | None:
    a = converted(left, common, implicit(left.type, common))
    b = converted(right, common, implicit(right.type, common))
    return None if a is None or b is None else (a.run, b.run)


def _division(sign: str, common: Type) -> Callable[[Any, Any], Any] | None:
    if common is DOUBLE:
        return _quotient if sign == "/" else None
    if sign not in {"/", "%"}:
        return None
    least = -1 << (_BITS[common] - 1)

    def divide(dividend: int, divisor: int) -> int:
        if divisor == 0:
            raise EvaluationError("DivideByZeroException", "Attempted to divide by zero.")
        if (dividend, divisor) == (least, -1):
            raise EvaluationError("OverflowException", "The quotient is too large.")
        quotient = abs(dividend) // abs(divisor)
        quotient = quotient if (dividend < 0) == (divisor < 0) else -quotient
        return quotient if sign == "/" else dividend - quotient * divisor

    return divide


def _quotient(dividend: float, divisor: float) -> float:
    if divisor:
        return dividend / divisor
    # As IEEE 754 has it, which Python does not do.
    return (
        math.nan
        if not dividend or math.isnan(dividend)
        else math.copysign(math.inf, dividend * math.copysign(1.0, divisor))
    )


def unary(sign: str, operand: Typed) -> Typed | None:
    """Return what an operator makes of an operand, or None if it does not take its type."""
    run = operand.run
    if sign == "!" and operand.type is BOOL:
        return Typed(BOOL, lambda frame: not run(frame))
    if sign == "-" and operand.type is DOUBLE:
        return Typed(DOUBLE, lambda frame: -run(frame))
    if sign == "-" and operand.type in {INT, LONG, CHAR}:
        type_ = LONG if operand.type is LONG else INT
        number = converted(operand, type_, implicit(operand.type, type_))
        if number is not None:
            value, bits = number.run, _BITS[type_]
            if operand.constant is not None:
                return _constant(type_, bits, -int(operand.constant))
            return Typed(type_, lambda frame: wrap(-value(frame), bits))
    return None


def unified(first: Typed, second: Typed) -> tuple[Typed, Typed] | None:
    """Return both values in the type of one of them, or None if neither converts."""
    if first.type is second.type is NULL:
        return None
    to_first = converted(second, first.type, implicit(second.type, first.type))
    if to_first is not None and first.type is not NULL:
        return first, to_first
    to_second = converted(first, second.type, implicit(first.type, second.type))
    return None if to_second is None else (to_second, second)
