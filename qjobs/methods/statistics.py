"""Confidence intervals and tail probabilities of shares of readings."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

CONFIDENCE = 0.95
"""Of an interval, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The confidence interval of a value."""

    lower: float
    upper: float
    confidence: float = CONFIDENCE

    def __contains__(self, value: float) -> bool:
        """Return whether a value is in the interval, its ends included."""
        return self.lower <= value <= self.upper


def share_interval(hits: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of the probability of which *hits* of *total* readings were seen.

    The exact interval of Clopper and Pearson (Biometrika 26, 404, 1934): it covers the probability
    at least as often as its confidence says, and is never of width zero.

    Raises:
        ValueError: there are no readings, or more hits than readings.

    """
    if not 0 <= hits <= total or not total:
        raise ValueError(f"{hits} of {total} is no share")
    tail = (1 - confidence) / 2
    lower = special.betaincinv(hits, total - hits + 1, tail) if hits else 0.0
    upper = special.betaincinv(hits + 1, total - hits, 1 - tail) if hits < total else 1.0
    return Interval(float(lower), float(upper), confidence)


def normal_interval(value: float, error: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of a mean of many readings, by its standard *error*."""
    half = float(special.ndtri((1 + confidence) / 2)) * error
    return Interval(value - half, value + half, confidence)


def share_error(hits: float, total: int) -> float:
    """Return the standard error of *hits* of *total* readings as a share, never zero.

    It is the deviation of the Beta distribution that a uniform prior leads to: a hundred good
    readings are no proof of perfection.
    """
    mean = (hits + 1) / (total + 2)
    return math.sqrt(mean * (1 - mean) / (total + 3))


def chance_of_as_many(hits: int, total: int, probability: float) -> float:
    """Return the probability of *hits* or more of *total* readings that each hit by *probability*.

    A small one, such as 0.001, shows that the readings are not explained by that chance.
    """
    if hits <= 0:
        return 1.0
    return float(special.bdtrc(hits - 1, total, probability))
