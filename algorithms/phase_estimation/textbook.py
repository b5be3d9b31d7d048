"""The phase from the most frequent reading of the circuit with a Fourier transform."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from qjobs.domain.algorithm import Counts
from qjobs.methods.statistics import chance_of_as_many

CHANCE = 0.001
"""Probability below which random readings do not explain the most frequent one."""
_DEVIATIONS = 3
"""Within which two readings are taken to be equally frequent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The most frequent reading, in units of 2^-bits, and the interval that it leaves."""

    value: int
    lower: float
    """In the same unit."""
    upper: float
    above_chance: bool


def most_frequent(counts: Counts, bits: int) -> Reading:
    """Return the most frequent reading.

    The next one to the phase is the most frequent in the mean, so that the phase is within half a
    unit of it. Where one of its neighbours comes as often, the phase may be beyond the middle
    between them; then the interval ends at the neighbour.
    """
    shots = {int(reading, 2): count for reading, count in counts.readings.items()}
    value = min(shots, key=lambda one: (-shots[one], one))

    def end(step: int) -> float:
        neighbour = shots.get((value + step) % (1 << bits), 0)
        close = shots[value] - neighbour < _DEVIATIONS * sqrt(shots[value] + neighbour)
        return value + step * (1.0 if close else 0.5)

    # Any of the readings may be the most frequent one, so the chance of each is taken together.
    chance = chance_of_as_many(shots[value], counts.total, 1 / (1 << bits)) * (1 << bits)
    return Reading(value, end(-1), end(1), chance < CHANCE)
