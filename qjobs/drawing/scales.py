"""Scales of an axis: where a value is, and which values have a label."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

_NICE = (1, 2, 5)
_MOST_DECIMALS = 5
"""Of a label, before it is written with a power of ten."""
_ROOM = 0.08
"""Of the range of values, left free at each end."""


class Scale(Protocol):
    """The mapping of values to the length of an axis."""

    def share(self, value: float) -> float:
        """Return the place of a value on the axis, from 0 to 1; what is outside is at an end."""

    def ticks(self) -> Sequence[tuple[float, str]]:
        """Return the values that have a label, with it."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equal lengths."""

    low: float
    high: float
    unit: str = ""
    """Follows every label."""
    most_ticks: int = 8
    least_step: float = 0.0

    def share(self, value: float) -> float:
        """Return the place of a value on the axis, from 0 to 1; what is outside is at an end."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self) -> Sequence[tuple[float, str]]:
        """Return round values, few enough for their labels."""
        step = max(_round_up((self.high - self.low) / self.most_ticks), self.least_step)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        decimals = max(0, -math.floor(math.log10(step)))
        form = f",.{decimals}f" if decimals <= _MOST_DECIMALS else ".4g"
        values = [round(number * step, decimals) + 0.0 for number in range(first, last + 1)]
        return [(value, f"{value:{form}}{self.unit}") for value in values]

    @classmethod
    def around(cls, values: Iterable[float]) -> Linear:
        """Return a scale on which all *values* are, with some room at both ends."""
        every = list(values)
        low, high = min(every), max(every)
        room = (high - low) * _ROOM or abs(high) * _ROOM or 1.0
        return cls(low - room, high + room)


@dataclass(frozen=True, slots=True)
class Logarithmic:
    """Equal ratios are equal lengths; from one power of ten to another."""

    low: int
    """The exponent of the least value."""
    high: int
    unit: str = ""

    def share(self, value: float) -> float:
        """Return the place of a value on the axis, from 0 to 1; what is outside is at an end."""
        exponent = math.log10(max(value, 10.0**self.low))
        return min((exponent - self.low) / (self.high - self.low), 1.0)

    def ticks(self) -> Sequence[tuple[float, str]]:
        """Return the powers of ten."""
        every = (10.0**exponent for exponent in range(self.low, self.high + 1))
        return [(value, f"{value:g}{self.unit}") for value in every]


def _round_up(step: float) -> float:
    """Return the next step that is 1, 2 or 5 times a power of ten."""
    decade = 10.0 ** math.floor(math.log10(step))
    return next((n * decade for n in _NICE if n * decade >= step * (1 - 1e-9)), 10 * decade)
