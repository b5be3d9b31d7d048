"""Pearson's chi-square test of counts, at a level that thousands of comparisons stand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from scipy.stats import chi2

LEVEL = 1e-7
"""The probability that right counts are called wrong, for one comparison: 2,000 comparisons of
right programs find none wrong with a probability of 99.98 %."""
_POOLED_BELOW = 10.0
"""Expected counts below which outcomes are taken together: the test is an approximation for large
counts, and this is twice the usual condition, because the level is far out in the tail."""
_ROUNDING = 1e-9


def differs[T: Hashable](counts: Mapping[T, int], exact: Mapping[T, float]) -> str | None:
    """Return how counts differ from an exact distribution, or None if they may come from it."""
    impossible = [outcome for outcome in counts if exact.get(outcome, 0) < _ROUNDING]
    if impossible:
        return f"{impossible[0]} has probability 0 and came {counts[impossible[0]]} times"
    total = sum(counts.values())
    expected = np.array(list(exact.values())) * total
    observed = np.array([counts.get(outcome, 0) for outcome in exact])
    return _judged(_pooled(observed, expected), _pooled(expected, expected))


def differ[T: Hashable](one: Mapping[T, int], other: Mapping[T, int]) -> str | None:
    """Return how two samples differ, or None if they may come from one distribution."""
    outcomes = [*dict.fromkeys([*one, *other])]
    table = np.array([[sample.get(each, 0) for each in outcomes] for sample in (one, other)], float)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    smaller = expected.min(axis=0)
    observed = np.concatenate([_pooled(row, smaller) for row in table])
    return _judged(observed, np.concatenate([_pooled(row, smaller) for row in expected]), 2)


def _pooled(values: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return values with those of rare outcomes in one."""
    frequent = expected >= _POOLED_BELOW
    return np.append(values[frequent], values[~frequent].sum())


def _judged(observed: np.ndarray, expected: np.ndarray, samples: int = 1) -> str | None:
    cells = expected > _ROUNDING
    freedom = int(cells.sum()) // samples - 1
    if freedom < 1:
        return None
    terms = (observed[cells] - expected[cells]) ** 2 / expected[cells]
    probability = float(chi2.sf(terms.sum(), freedom))
    return f"chi-square gives {probability:.1e}" if probability < LEVEL else None
