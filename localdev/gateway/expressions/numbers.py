"""Range and parsing of integers by the rules of .NET."""

from __future__ import annotations

import re

from localdev.gateway.expressions.errors import EvaluationError

_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]+)[ \t\n\v\f\r]*\0*")
_MOST_DIGITS = 20
"""With more of them a number is too large for a long."""


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
