"""Confidence intervals of the fidelities, from those of the shares that they are made of.

Of a sum of independent shares, each with its weight, the ends of the interval follow from the ends
of the single ones: G. Y. Zou, A. Donner, Construction of confidence limits about effect measures,
Statistics in Medicine 27, 1693 (2008). The single ones are exact, so the interval is never of
width zero: a hundred good readings are no proof of perfection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from algorithms.ghz.fidelity import Populations
from qjobs.domain.algorithm import Counts
from qjobs.methods.statistics import Interval, share_interval


def classical_interval(populations: Populations) -> Interval:
    """Return the interval of the Hellinger fidelity, whose error is that of a share of its size."""
    hits, total = populations.bounds[1] * populations.total, populations.total
    lower = share_interval(min(math.floor(hits + 1e-9), total), total).lower
    upper = share_interval(min(math.ceil(hits - 1e-9), total), total).upper
    return Interval(lower, upper)


def state_interval(outcomes: Sequence[Counts], qubits: int) -> Interval:
    """Return the interval of F = (P + C) / 2.

    Args:
        outcomes: the counts of the populations, then those of the parities by angle
        qubits: their number, as many as there are parities

    """
    plain, *rotated = outcomes
    populations = Populations.of(plain, qubits)
    alike = (populations.zeros + populations.ones, plain.total, 0.5)
    even = [(_even(one), one.total, (-1) ** k / qubits) for k, one in enumerate(rotated)]
    value = -sum(weight for _, _, weight in even) / 2
    below = above = 0.0
    for hits, total, weight in (alike, *even):
        share, ends = hits / total, share_interval(hits, total)
        down, up = weight * (share - ends.lower), weight * (ends.upper - share)
        if weight < 0:
            down, up = -up, -down
        value += weight * share
        below, above = below + down**2, above + up**2
    return Interval(
        max(value - math.sqrt(below), 0.0), min(max(value + math.sqrt(above), 0.0), 1.0)
    )


def _even(counts: Counts) -> int:
    return sum(n for bits, n in counts.readings.items() if bits.count("1") % 2 == 0)
