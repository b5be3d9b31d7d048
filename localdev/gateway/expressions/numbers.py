"""Numbers as .NET reads, converts and writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from localdev.gateway.expressions.errors import EvaluationError

_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]+)[ \t\n\v\f\r]*\0*")
_MOST_DIGITS = 20
"""With more of them a number is too large for a long."""
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = -4, 14
"""Of numbers that .NET writes without an exponent."""


def wrap(number: int, bits: int = 32) -> int:
    """Return a number as arithmetic of that many bits leaves it, without overflow checks."""
    half = 1 << (bits - 1)
    return (number + half) % (2 * half) - half


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
    if number != wrap(number, bits):
        raise EvaluationError("OverflowException", "The number is too large.")
    return number


def narrow(name: str) -> Callable[[Any], Any]:
    """Return the cast of a number to a smaller type."""
    if name == "char":
        return lambda value: chr(int(value) % 0x10000)
    bits = 32 if name == "int" else 64

    def cut(value: float) -> int:
        if abs(value) < 1 << (bits - 1) or isinstance(value, int):
            return wrap(int(value), bits)
        # C# leaves open which number this is.
        raise EvaluationError("OverflowException", f"{value} is too large.")

    return cut


def fraction(value: float) -> str:
    """Return the shortest text that is read as *value* again, in .NET's notation."""
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    number = Decimal(repr(value)).normalize()
    if _SMALLEST_EXPONENT <= number.adjusted() <= _LARGEST_EXPONENT:
        return format(number, "f")
    mantissa = number.scaleb(-number.adjusted())
    return f"{mantissa}E{number.adjusted():+03d}"
