from __future__ import annotations

import pytest

from functions.problems import STATUS, status_of
from qjobs.domain import errors

ERRORS = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, errors.QJobsError)
]


def test_every_error_has_a_code_of_its_own() -> None:
    """A code tells a caller which error it is."""
    codes = [error.code for error in ERRORS]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", ERRORS)
def test_a_callers_fault_is_a_4xx_and_ours_a_5xx(error: type[errors.QJobsError]) -> None:
    """Who has to change something shows in the first digit."""
    status = status_of(error())

    if issubclass(error, errors.RequestError):
        assert 400 <= status < 500
    elif issubclass(error, errors.TransientError):
        assert status == 503
    assert status in STATUS.values()
