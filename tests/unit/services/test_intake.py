"""The bound of submissions at the same time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from qjobs.domain.errors import TransientError
from qjobs.services.intake import MOST, Intake


def test_one_submission_too_many_is_told_to_come_back() -> None:
    """It is refused at once, and a place is free again when another one is stored."""
    intake = Intake()
    with ExitStack() as held:
        for _ in range(MOST - 1):
            held.enter_context(intake())
        with intake():
            with pytest.raises(TransientError) as refused:
                held.enter_context(intake())
            assert refused.value.retry_after == 1
        held.enter_context(intake())


def test_a_submission_that_is_refused_for_another_reason_frees_its_place() -> None:
    """A bad request takes no place for ever."""
    intake = Intake()
    for _ in range(2 * MOST):
        with pytest.raises(ZeroDivisionError), intake():
            raise ZeroDivisionError
