"""A minimiser goes on after each evaluation from its values alone."""

from __future__ import annotations

import json

import pytest

from qjobs.methods.replay import Evaluation, Minimiser, best

SEARCH = Minimiser(start=(0.4, -0.3), step=0.5, evaluations=40)


def value(point: list[float]) -> float:
    """Return a function with its minimum, -2, at (1, 2)."""
    x, y = point
    return (x - 1) ** 2 + 2 * (y - 2) ** 2 - 2


def searched(search: Minimiser) -> list[Evaluation]:
    """Return all evaluations of a search whose state goes through JSON after each of them."""
    known: list[Evaluation] = []
    while (point := search.next_point(json.loads(json.dumps(known)))) is not None:
        known.append((point, value(point)))
    return known


def test_a_search_finds_the_minimum() -> None:
    """The best point is near the minimum, within the evaluations that are allowed."""
    known = searched(SEARCH)

    assert len(known) <= SEARCH.evaluations
    assert best(known)[1] == pytest.approx(-2, abs=0.01)


def test_the_next_point_follows_from_the_values() -> None:
    """Asked twice, the minimiser gives the same point to the last digit."""
    known = searched(SEARCH)

    for number in range(0, len(known), 7):
        assert SEARCH.next_point(known[:number]) == known[number][0]


def test_another_path_ends_the_search() -> None:
    """Values of points that the minimiser would not ask for, as of an older SciPy, end it."""
    known = searched(SEARCH)[:5]
    known[3] = ([9.0, 9.0], 1.0)

    assert SEARCH.next_point(known) is None
