"""The costs of all readings of an optimisation problem, and readings compared with chance.

A problem that is small enough for a simulator is small enough to enumerate: the best answer, and
the distribution that random feasible readings have, are known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.methods import evidence
from qjobs.methods.statistics import chance_of_as_many

_SAME = 1e-9
"""Of the range of values: two that differ by less are equal."""
BINS = 25
"""Of a histogram from the least value to the greatest, which are the middles of the outer ones."""
_MOST_FREQUENT = 30
_BY_CHANCE = 0.001
"""The probability below which readings are not explained by chance."""


@dataclass(frozen=True)
class Spectrum:
    """The value of each reading, of which the least is the best, or the greatest."""

    values: np.ndarray
    """By the reading as a number, whose bit i is bit i of the reading; NaN if it is infeasible."""
    maximised: bool = False

    @cached_property
    def feasible(self) -> np.ndarray:
        """The values of the feasible readings, of which there is at least one."""
        return self.values[~np.isnan(self.values)]

    @cached_property
    def best(self) -> float:
        """The value of an optimum."""
        best = np.nanmax(self.values) if self.maximised else np.nanmin(self.values)
        return float(best) + 0.0  # a zero without a sign

    @cached_property
    def worst(self) -> float:
        """The value that is furthest from the best."""
        return float(np.nanmin(self.values) if self.maximised else np.nanmax(self.values))

    def is_optimal(self, value: float) -> bool:
        """Return whether a value is that of an optimum, but for rounding."""
        return abs(value - self.best) <= _SAME * abs(self.best - self.worst)

    def gap(self, value: float) -> float:
        """Return the relative difference of a value from the best; 0 for an optimum.

        Of the range of values, if the best is 0.
        """
        if self.is_optimal(value):
            return 0.0
        return abs(value - self.best) / (abs(self.best) or abs(self.best - self.worst))

    def optimal_share(self) -> float:
        """Return the share of optima among the feasible readings."""
        tolerance = _SAME * abs(self.best - self.worst)
        return float(np.mean(np.abs(self.feasible - self.best) <= tolerance))

    def bins_of(self, values: np.ndarray) -> np.ndarray:
        """Return the bin of each of some feasible values."""
        low, high = sorted((self.best, self.worst))
        return np.rint((values - low) / (high - low) * (BINS - 1)).astype(int)

    def histogram(self) -> list[float]:
        """Return the shares of the feasible readings by bins."""
        numbers = np.bincount(self.bins_of(self.feasible), minlength=BINS)
        return [float(number) / len(self.feasible) for number in numbers]

    def best_by_chance(self, number: int) -> float:
        """Return the expected best value of *number* random feasible readings.

        The best is worse than a value only if all readings are: with the share s of values that are
        worse, s^number.
        """
        ordered = np.sort(self.feasible)
        if self.maximised:
            ordered = ordered[::-1]
        # From the best to the worst: the probability that the best reading is here or beyond.
        beyond = (1 - np.arange(len(ordered) + 1) / len(ordered)) ** number
        return float(ordered @ (beyond[:-1] - beyond[1:]))


@dataclass(frozen=True, slots=True)
class Sampled:
    """Readings of one circuit, as they compare with a spectrum; JSON as `document`."""

    best: str
    """The feasible reading of the best value; of several, the most frequent."""
    total: int
    feasible: int
    optimal: int
    mean: float
    """Of the values of the feasible readings."""
    error: float
    """The standard error of the mean."""
    histogram: Sequence[float]
    """The shares of the feasible readings by bins of the spectrum."""
    frequent: Mapping[str, int]
    """The most frequent feasible readings, at most 30."""

    @classmethod
    def of(cls, counts: Counts, spectrum: Spectrum) -> Sampled:
        """Return the comparison.

        Raises:
            AlgorithmError: no reading is feasible.

        """
        found = [
            (float(spectrum.values[int(bits, 2)]), number, bits)
            for bits, number in counts.readings.items()
            if number
        ]
        kept = [one for one in found if not math.isnan(one[0])]
        feasible = sum(number for _, number, _ in kept)
        if not feasible:
            detail = f"None of the {counts.total:,} readings is feasible, so there is no answer."
            raise AlgorithmError(detail)
        sign = -1 if spectrum.maximised else 1
        mean = math.fsum(value * number for value, number, _ in kept) / feasible
        squares = math.fsum(number * (value - mean) ** 2 for value, number, _ in kept)
        # As if there had been one random reading more: equal readings are no proof that all are.
        variance = (squares + float(np.var(spectrum.feasible))) / feasible
        return cls(
            min(kept, key=lambda one: (sign * one[0], -one[1], one[2]))[2],
            counts.total,
            feasible,
            sum(number for value, number, _ in kept if spectrum.is_optimal(value)),
            mean,
            math.sqrt(variance / feasible),
            _shares([(value, number) for value, number, _ in kept], spectrum),
            {
                bits: number
                for _, number, bits in sorted(kept, key=lambda one: (-one[1], one[2]))[
                    :_MOST_FREQUENT
                ]
            },
        )

    def readings(self, spectrum: Spectrum) -> JSONObject:
        """Return the member `readings` of a result."""
        share = spectrum.optimal_share()
        chance = chance_of_as_many(self.optimal, self.feasible, share)
        return {
            "total": self.total,
            "feasible": self.feasible / self.total,
            "mean": self.mean,
            "standardError": self.error,
            "meanByChance": float(np.mean(spectrum.feasible)),
            "optimal": self.optimal / self.feasible,
            "optimalByChance": share,
            "chance": chance,
            "betterThanChance": "Shown" if chance < _BY_CHANCE else "NotShown",
        }


def _shares(found: Sequence[tuple[float, int]], spectrum: Spectrum) -> list[float]:
    places = spectrum.bins_of(np.array([value for value, _ in found]))
    numbers = np.bincount(places, weights=[number for _, number in found], minlength=BINS)
    return [float(number) / sum(number for _, number in found) for number in numbers]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The feasible solutions of a problem, as a text calls them."""

    singular: str
    plural: str
    readings: int = 1
    """The number of readings that stand for the same solution."""


def optimisation(spectrum: Spectrum, value: float, readings: int, kind: Solutions) -> JSONObject:
    """Return `verified`, `bound`, `gap` and `baseline` of the value of an optimisation.

    Args:
        spectrum: of the problem
        value: of the best reading, computed from the input
        readings: the feasible ones among which it is the best
        kind: of the solutions

    """
    number = len(spectrum.feasible) // kind.readings
    checked = f"The value was computed from the input, and compared with those of all {number:,}"
    if spectrum.is_optimal(value):
        verified = evidence.verified(f"{checked} {kind.plural}: none is better.")
    else:
        verified = evidence.not_verified(
            f"{checked} {kind.plural}: there is a better {kind.singular}, of {spectrum.best:.10g}."
        )
    return {
        "verified": verified,
        "bound": spectrum.best,
        "gap": spectrum.gap(value),
        "baseline": evidence.baseline(
            f"The expected best of {readings:,} random {kind.plural}, as many as were read.",
            spectrum.best_by_chance(readings),
        ),
    }
