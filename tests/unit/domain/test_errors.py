from __future__ import annotations

import itertools

import pytest

from qjobs.domain.errors import InvalidInputError, Violation


@pytest.mark.parametrize(
    ("found", "listed", "detail"),
    [
        (0, 0, InvalidInputError().detail),
        (20, 20, InvalidInputError().detail),
        (21, 20, "20 of 21 violations are listed."),
        (1000, 20, "20 of 1000 violations are listed."),
        (90_000, 20, "20 of more than 1000 violations are listed."),
    ],
)
def test_an_answer_lists_some_violations_and_counts_the_rest(
    found: int, listed: int, detail: str
) -> None:
    """However much is wrong, twenty violations are listed, and the detail says of how many."""
    error = InvalidInputError(violations=[Violation("No.", pointer="/a")] * found)

    assert (len(error.violations), error.detail) == (listed, detail)


def test_no_more_violations_are_looked_for_than_are_counted() -> None:
    """Violations that are found one by one are not all looked for: there may be no end of them."""
    looked = itertools.count()
    endless = (Violation(f"{number}") for number in looked)

    InvalidInputError(violations=endless)

    assert next(looked) == 1001


def test_a_violation_is_short_whatever_was_sent() -> None:
    """A name or a text of a caller is cut, with a sign that it is."""
    error = InvalidInputError(violations=[Violation("d" * 9999, "/p" * 9999, "n" * 9999)])

    [one] = error.violations
    assert (len(one.detail), len(one.pointer or ""), len(one.parameter or "")) == (300, 200, 200)
    assert one.detail.endswith("d…")


def test_a_violation_that_is_short_enough_is_left_alone() -> None:
    """Texts of exactly the greatest length stay as they are."""
    violation = Violation("d" * 300, "/" * 200, "n" * 200)

    assert InvalidInputError(violations=[violation]).violations == (violation,)


def test_the_whole_body_keeps_its_pointer() -> None:
    """The empty pointer is the whole body, and is not taken for none."""
    [one] = InvalidInputError.of("No.", pointer="").violations

    assert (one.pointer, one.parameter) == ("", None)
