from __future__ import annotations

import json

import azure.functions as func
import pytest

from functions.problems import STATUS, problems_answered, status_of
from qjobs.domain import errors

REQUEST = func.HttpRequest("GET", "http://host/api/jobs/1?code=secret", body=b"")
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


async def test_an_error_is_answered_with_its_problem() -> None:
    """A problem document names code, detail and members, and repeats no query."""

    @problems_answered
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        fault = errors.Violation("Too many.", pointer="/shots")
        raise errors.InvalidInputError(violations=[fault])

    answer = await handler(REQUEST)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert json.loads(answer.get_body()) == {
        "type": "urn:qjobs:problem:invalid-request",
        "title": "The request has members that are missing, unknown or out of range",
        "status": 422,
        "detail": "The request has members that are missing, unknown or out of range",
        "instance": "/api/jobs/1",
        "code": "invalid-request",
        "errors": [{"pointer": "/shots", "detail": "Too many."}],
    }


async def test_something_transient_says_when_to_come_back() -> None:
    """A 503 carries Retry-After."""

    @problems_answered
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise errors.StorageUnavailableError(retry_after=7.6)

    answer = await handler(REQUEST)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "8")


async def test_an_unexpected_error_tells_the_caller_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What went wrong inside is in the log and not in the answer."""

    @problems_answered
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise ZeroDivisionError("inner workings")

    answer = await handler(REQUEST)

    assert answer.status_code == 500
    assert b"inner workings" not in answer.get_body()
    assert "inner workings" in caplog.text
