"""Parsing and formatting of numbers by the rules of .NET."""

from __future__ import annotations

import re
from decimal import Decimal

from localdev.gateway.expressions.errors import EvaluationError, UnsupportedValueError

_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]+)[ \t\n\v\f\r]*\0*")
_MOST_DIGITS = 20
"""With more of them a number is too large for a long."""
_PLAIN = range(-4, 15)
"""Exponents of the numbers that every version of .NET writes without one."""
_EITHER = range(15, 17)
"""Those of the numbers that .NET Framework writes with one, and later versions without."""


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
    """Format a floating point number in .NET's notation.

    Raises:
        EvaluationError: .NET Framework and later versions of .NET write it differently.

    """
    number = Decimal(repr(value)).normalize()
    shown = Decimal(f"{value:.15g}")  # all that .NET Framework shows
    if number != shown or number.adjusted() in _EITHER or repr(value) == "-0.0":
        raise UnsupportedValueError(f"The number {value}, which versions of .NET print differently")
    if number.adjusted() in _PLAIN:
        return format(number, "f")
    mantissa = number.scaleb(-number.adjusted())
    return f"{mantissa}E{number.adjusted():+03d}"
