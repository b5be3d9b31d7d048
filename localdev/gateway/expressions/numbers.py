"""Numbers as .NET reads and writes them."""

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
    """Say whether a number is one of so many bits."""
    half = 1 << (bits - 1)
    return -half <= number < half


def integer(text: str, bits: int) -> int:
    """Return the number that is written, as `int.Parse` reads it.

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
    """Return the shortest text that is read as *value* again, in .NET's notation."""
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    number = Decimal(repr(value)).normalize()
    if _SMALLEST_EXPONENT <= number.adjusted() <= _LARGEST_EXPONENT:
        return format(number, "f")
    mantissa = number.scaleb(-number.adjusted())
    return f"{mantissa}E{number.adjusted():+03d}"
