"""The peaks of order finding: which readings are at them, and how many there would be by chance.

Without noise the readings of t counting qubits gather at the multiples of 2^t over the order. That
a factor is found shows nothing of it: random readings lead to the factors of a small number, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, sin

from algorithms.shor.numbers import factors, order_of_reading
from qjobs.domain.algorithm import Counts
from qjobs.methods.statistics import chance_of_as_many

CONFIDENCE = 0.999
"""With which readings at the peaks are told from random ones."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """The readings that are next to a multiple of 2^t over the order, and how they were read."""

    places: frozenset[int]
    hits: int
    total: int
    theory: float
    """The share of them without noise."""
    chance: float
    """The share of them among random readings."""

    @classmethod
    def of(cls, counts: Counts, bits: int, power: int) -> Peaks:
        """Return those of the readings of so many counting qubits for an order."""
        size = 1 << bits
        places = frozenset(round(multiple * size / power) % size for multiple in range(power))
        hits = sum(count for one, count in counts.readings.items() if int(one, 2) in places)
        ideal = distribution(bits, power)
        theory = sum(ideal[place] for place in places)
        return cls(places, hits, counts.total, theory, len(places) / size)

    @property
    def share(self) -> float:
        """The share of the readings that are at a peak."""
        return self.hits / self.total

    @property
    def probability(self) -> float:
        """The probability of as many random readings at a peak."""
        return chance_of_as_many(self.hits, self.total, self.chance)

    @property
    def shown(self) -> bool:
        """Whether random readings do not explain the peaks."""
        return self.probability < 1 - CONFIDENCE


def distribution(bits: int, power: int) -> dict[int, float]:
    """Return the probability of each reading without noise, for an order.

    The register that is multiplied is an equal mixture of the eigenstates of the multiplication,
    whose phases are the multiples of 1 over the order.
    """
    size = 1 << bits
    phases = [multiple / power for multiple in range(power)]
    return {
        reading: sum(_fejer(phase - reading / size, size) for phase in phases) / power
        for reading in range(size)
    }


def random_success(bits: int, base: int, number: int) -> float:
    """Return the share of all readings, each as frequent, that lead to the factors."""
    size = 1 << bits
    return sum(leads_to_factors(reading, bits, base, number) for reading in range(size)) / size


def leads_to_factors(reading: int, bits: int, base: int, number: int) -> bool:
    """Return whether a reading tells an order that gives the factors."""
    power = order_of_reading(reading, bits, base, number)
    return power is not None and factors(base, power, number) is not None


def success(counts: Counts, bits: int, base: int, number: int) -> int:
    """Return how many readings lead to the factors."""
    readings: Mapping[str, int] = counts.readings
    return sum(
        count
        for one, count in readings.items()
        if leads_to_factors(int(one, 2), bits, base, number)
    )


def _fejer(away: float, size: int) -> float:
    """Return the probability of a reading that is *away* from a phase, in turns."""
    denominator = size * sin(pi * away)
    if abs(denominator) < 1e-9:  # noqa: PLR2004 - it is the phase itself
        return 1.0
    return (sin(pi * away * size) / denominator) ** 2
