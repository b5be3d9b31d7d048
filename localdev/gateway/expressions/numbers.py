"""Parsing and formatting of numbers by the rules of .NET."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from localdev.gateway.expressions.errors import EvaluationError

_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]+)[ \t\n\v\f\r]*\0*")
_MOST_DIGITS = 20
"""With more of them a number is too large for a long."""
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = -4, 14
"""Of numbers that .NET writes without an exponent."""


def fits(number: int, bits: int) -> bool:
    """Return whether a number is in the range of a signed integer of *bits*."""
    half = 1 << (bits - 1)
    return -half <= number < half


def integer(text: str, bits: int) -> int:
    """Parse an integer as `int.Parse` does.

    Raises:
        EvaluationError: it is no number, or has more bits.

    """
    written = _INTEGER.fullmatch(text)
    if written is None:
        message = "Input string was not in a correct format."
        raise EvaluationError("FormatException", message)
    number = int(written[1] + written[2][:_MOST_DIGITS])
    if not fits(number, bits):
        raise EvaluationError("OverflowException", "The number is too large.")
    return number


def fraction(value: float) -> str:
    """Format a floating point number: the shortest text with the same value, in .NET's notation."""
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    number = Decimal(repr(value)).normalize()
    if _SMALLEST_EXPONENT <= number.adjusted() <= _LARGEST_EXPONENT:
        return format(number, "f")
    mantissa = number.scaleb(-number.adjusted())
    return f"{mantissa}E{number.adjusted():+03d}"
