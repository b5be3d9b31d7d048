"""The bound of submissions at the same time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from qjobs.domain.errors import TransientError
from qjobs.services.intake import MOST, MOST_OF_OWNER, Intake


def test_one_submission_too_many_is_told_to_come_back() -> None:
    """It is refused at once, and a place is free again when another one is stored."""
    intake = Intake()
    with ExitStack() as held:
        for _ in range(MOST_OF_OWNER - 1):
            held.enter_context(intake("busy"))
        with intake("busy"):
            with pytest.raises(TransientError) as refused:
                held.enter_context(intake("busy"))
            assert refused.value.retry_after == 1
        held.enter_context(intake("busy"))


def test_a_burst_of_one_caller_refuses_nobody_else() -> None:
    """There are places that one caller cannot take, until several callers have all of them."""
    intake = Intake()
    with ExitStack() as held:
        for _ in range(MOST_OF_OWNER):
            held.enter_context(intake("busy"))
        for number in range(MOST - MOST_OF_OWNER):
            held.enter_context(intake(f"other {number}"))
        with pytest.raises(TransientError):
            held.enter_context(intake("one more"))


def test_a_submission_that_is_refused_for_another_reason_frees_its_place() -> None:
    """A bad request takes no place for ever, and nothing is kept of its caller."""
    intake = Intake()
    for _ in range(2 * MOST):
        with pytest.raises(ZeroDivisionError), intake("owner"):
            raise ZeroDivisionError

    assert intake == Intake()
