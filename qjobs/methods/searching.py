"""Measured values, and the position of a search for the least of them between two steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value, such as an energy."""

    value: float
    error: float = 0.0
    """Its standard error."""


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a search between two steps."""

    found: list[float]
    """The best point so far."""
    points: list[list[float]]
    """Those to evaluate next, which do not depend on each other; none when the search is over."""
