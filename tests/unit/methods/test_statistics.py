"""Intervals and tail probabilities are those that their confidence says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.methods.statistics import (
    chance_of_as_many,
    normal_interval,
    share_error,
    share_interval,
)


def probability_of(hits: int, total: int, share: float) -> float:
    """Return the binomial probability."""
    return math.comb(total, hits) * share**hits * (1 - share) ** (total - hits)


@pytest.mark.parametrize("share", [0.0, 0.003, 0.1, 0.5, 0.77, 1.0])
@pytest.mark.parametrize("total", [1, 7, 60])
def test_an_interval_covers_as_often_as_it_says(total: int, share: float) -> None:
    """By summing over all outcomes, a share is in its interval in at least 95 % of the cases."""
    covered = sum(
        probability_of(hits, total, share)
        for hits in range(total + 1)
        if share in share_interval(hits, total)
    )

    assert covered >= 0.95


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_is_around_its_share(reading: tuple[int, int]) -> None:
    """Whatever was read, the interval has a width, and the share is in it."""
    hits, total = reading

    interval = share_interval(hits, total)

    assert 0 <= interval.lower <= hits / total <= interval.upper <= 1
    assert interval.lower < interval.upper
    assert share_error(hits, total) > 0


@pytest.mark.parametrize(("hits", "total"), [(0, 0), (2, 1), (-1, 5)])
def test_what_is_no_share_is_refused(hits: int, total: int) -> None:
    """No readings have no interval."""
    with pytest.raises(ValueError, match="is no share"):
        share_interval(hits, total)


def test_the_normal_interval_has_the_published_width() -> None:
    """95 % are within 1.96 standard errors."""
    interval = normal_interval(2.0, 0.5)

    assert interval.upper - 2.0 == pytest.approx(1.959964 * 0.5, rel=1e-6)
    assert interval.lower + interval.upper == pytest.approx(4.0)


@pytest.mark.parametrize("hits", [0, 1, 5, 20])
def test_a_tail_is_the_sum_of_its_outcomes(hits: int) -> None:
    """The chance of as many is that of each number from there on."""
    expected = sum(probability_of(n, 20, 0.3) for n in range(hits, 21))

    assert chance_of_as_many(hits, 20, 0.3) == pytest.approx(expected, rel=1e-9)
