"""Whether two samples may come from the same distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

import numpy as np
from scipy.stats import chi2

POOLED_BELOW = 5.0
"""Expected counts below which outcomes are taken together: the usual condition of the test."""


def p_value(one: Iterable[Hashable], other: Iterable[Hashable]) -> float:
    """Return how often two samples of the same distribution differ at least as much as these.

    That is Pearson's chi-square test for homogeneity of two samples. Outcomes are put in the order
    of their frequency in both samples together; from the first one on whose expected count in the
    smaller sample is below five, they count as one. Where nothing varies the samples are equal.
    """
    table = _pooled(Counter(one), Counter(other))
    if table.shape[1] < 2:  # nothing varies
        return 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return float(chi2.sf(statistic, table.shape[1] - 1))


def _pooled(one: Counter[Hashable], other: Counter[Hashable]) -> np.ndarray:
    """Return the counts of both samples, a row each, the rare outcomes in the last column."""
    outcomes = sorted(one + other, key=lambda found: -(one + other)[found])
    table = np.array([[sample[found] for found in outcomes] for sample in (one, other)], float)
    share = table.sum(axis=1).min() / table.sum()
    frequent = table.sum(axis=0) * share >= POOLED_BELOW
    rare = table[:, ~frequent].sum(axis=1, keepdims=True)
    return np.hstack([table[:, frequent], rare]) if rare.any() else table[:, frequent]
