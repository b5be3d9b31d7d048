from __future__ import annotations

import inspect
import json
import runpy
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import azure.functions as func
import pytest
from azure.functions.decorators.function_app import Function

from functions.endpoint import endpoint
from functions.requests import json_body
from qjobs import bootstrap
from qjobs.domain import errors
from tests.routes import http_routes

REQUEST = func.HttpRequest("GET", "http://host/api/jobs/1?code=secret", body=b"")
GATEWAY = "0b8f1d3a-0000-4000-8000-000000000001"

type HttpFunction = Callable[..., Awaitable[func.HttpResponse]]


def http_functions() -> dict[str, Function]:
    """Return every HTTP function that the app registers, by its name."""
    app = runpy.run_path(str(Path(__file__).parents[3] / "function_app.py"))["app"]
    functions = [one for one in app.get_functions() if one.is_http_function()]
    return {one.get_function_name(): one for one in functions}


FUNCTIONS = {name: one.get_user_function() for name, one in http_functions().items()}
OPEN = {"health"}
"""Functions that answer anybody: a probe has no identity."""


@pytest.fixture
def behind_gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set up the functions to believe a gateway alone; no other setting is there."""
    monkeypatch.setenv("QJOBS_GATEWAY_PRINCIPAL_ID", GATEWAY)
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")
    bootstrap.gateway_trust.cache_clear()
    yield
    bootstrap.gateway_trust.cache_clear()


async def called(function: HttpFunction, **headers: str) -> func.HttpResponse:
    """Return the response of a function to a request with these headers."""
    req = func.HttpRequest(
        "POST",
        "http://host/api/x",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        route_params={"algorithm": "ghz", "id": "0"},
        body=b"{}",
    )
    bindings = dict.fromkeys(inspect.signature(function).parameters)
    return await function(**{**bindings, "req": req})


@pytest.mark.usefixtures("behind_gateway")
@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - OPEN))
@pytest.mark.parametrize("sender", [{}, {"x_ms_client_principal_id": "another"}])
async def test_only_the_gateway_may_call(name: str, sender: dict[str, str]) -> None:
    """Every HTTP function refuses whoever is not the gateway, before it does anything else."""
    response = await called(FUNCTIONS[name], x_caller_id="tenant:alice", **sender)

    assert response.status_code == 401
    assert json.loads(response.get_body())["code"] == "unauthenticated"


def test_three_routes_need_no_function_key() -> None:
    """Without a gateway only health and the public contract are served to anybody."""
    levels = {
        name: trigger.get_dict_repr()["authLevel"]
        for name, one in http_functions().items()
        if (trigger := one.get_trigger()) is not None
    }

    assert levels.keys() == FUNCTIONS.keys()
    assert {name for name, level in levels.items() if level is not func.AuthLevel.FUNCTION} == {
        "health",
        "get_functions_health",
        "get_openapi",
    }


@pytest.mark.usefixtures("behind_gateway")
@pytest.mark.parametrize("name", ["get_openapi", "list_algorithms"])
async def test_the_gateway_gets_past_the_check(name: str) -> None:
    """The functions that need no other setting serve the gateway."""
    assert (await called(FUNCTIONS[name], x_ms_client_principal_id=GATEWAY)).status_code == 200


@pytest.mark.usefixtures("behind_gateway")
@pytest.mark.parametrize("name", sorted(OPEN))
async def test_an_open_function_answers_anybody(name: str) -> None:
    """A probe gets its answer without an identity."""
    assert (await called(FUNCTIONS[name])).status_code == 200


@pytest.mark.usefixtures("behind_gateway")
@pytest.mark.parametrize(("method", "path"), sorted(http_routes()))
async def test_every_operation_refuses_a_parameter_that_it_does_not_have(
    method: str, path: str
) -> None:
    """Each route, open or not, names the parameter, and does nothing else."""
    (function,) = (
        one.get_user_function()
        for one in http_functions().values()
        if (trigger := one.get_trigger()) is not None
        if f"/{trigger.get_dict_repr()['route']}" == path
        if method in {str(verb) for verb in trigger.get_dict_repr()["methods"]}
    )
    bindings = dict.fromkeys(inspect.signature(function).parameters)
    sender = {"x-ms-client-principal-id": GATEWAY}
    req = func.HttpRequest(method, f"http://host/api{path}?x=1", headers=sender, body=b"")

    answer = await function(**{**bindings, "req": req})

    assert answer.status_code == 400
    (violation,) = json.loads(answer.get_body())["violations"]
    assert violation["parameter"] == "x"
    assert violation["detail"].startswith("Unknown parameter; this operation has")


async def test_an_error_is_answered_with_its_problem() -> None:
    """A problem document names code, detail and members, and repeats no query."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        violation = errors.Violation("Too many.", pointer="/shots")
        raise errors.InvalidInputError(violations=[violation])

    answer = await handler(REQUEST)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert json.loads(answer.get_body()) == {
        "type": "urn:qjobs:problem:invalid-request",
        "title": "The request has members that are missing, unknown or out of range",
        "status": 422,
        "detail": "Change the members that `violations` names.",
        "instance": "/api/jobs/1",
        "code": "invalid-request",
        "message": "/shots: Too many.",
        "violations": [{"pointer": "/shots", "detail": "Too many."}],
    }


MALFORMED = [
    (b"", "The body is empty; send a JSON object."),
    (b"[]", "The body is an array; it must be an object."),
    (b'{"a": 1, "a": 2}', "/a: The member is there more than once."),
    (b'{"a": 1e400}', "/a: 1e400 is out of range: numbers are from -1.7e308 to 1.7e308."),
    (b'{"a": [NaN]}', "/a/0: NaN is not a JSON number."),
    (b'{"a": "\\ud800"}', "/a: The string has half a surrogate pair."),
    (b"[" * 99 + b"]" * 99, "Arrays and objects are nested deeper than 64 levels."),
    (b'{"a": "\xff"}', "The body is not UTF-8: byte 8 is wrong."),
    (
        b"[" + b"NaN," * 24 + b"NaN]",
        "/0: NaN is not a JSON number. 20 of 25 violations are listed.",
    ),
]


@pytest.mark.parametrize(("body", "reason"), MALFORMED)
async def test_a_body_that_cannot_be_read_is_told_why(body: bytes, reason: str) -> None:
    """Detail and message are the real reason, also where the body is an object."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        json_body(req, 1000)
        raise AssertionError("it was read")

    kind = {"content-type": "application/json"}
    answer = await handler(func.HttpRequest("POST", "http://host/api/x", headers=kind, body=body))

    document = json.loads(answer.get_body())
    assert (document["code"], document["detail"]) == ("malformed-body", reason)
    assert document["message"] == reason


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (errors.UnknownJobError("Gone."), "Gone."),
        (errors.InvalidInputError.of("Bad.", pointer="/a"), "/a: Bad."),
        (
            errors.InvalidInputError(violations=[errors.Violation("Bad.", pointer="/a")] * 21),
            "/a: Bad. 20 of 21 violations are listed.",
        ),
        (
            errors.OptionsRejectedError("x.y, /a: Bad.", [errors.Violation("Bad.", "/a")]),
            "x.y, /a: Bad.",
        ),
    ],
)
async def test_a_message_agrees_with_the_detail(error: errors.RequestError, message: str) -> None:
    """It is the first violation, and what the detail says besides."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise error

    assert json.loads((await handler(REQUEST)).get_body())["message"] == message


@pytest.mark.parametrize(
    "error",
    [errors.IdempotencyConflictError(job_id="1"), errors.JobFinishedError(job_id="1")],
)
async def test_a_conflict_names_the_job(error: errors.RequestError) -> None:
    """Whoever meets it can look at the job that was there before."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise error

    assert json.loads((await handler(REQUEST)).get_body())["jobId"] == "1"


@pytest.mark.parametrize(
    ("asked", "told"),
    [(7.6, "8"), (0.2, "1"), (300, "300"), (86400, "300"), (float("inf"), "300"), (None, "5")],
)
async def test_something_transient_says_when_to_come_back(asked: float | None, told: str) -> None:
    """A 503 carries Retry-After, whatever a service behind has asked for: at most five minutes."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise errors.StorageUnavailableError(retry_after=asked)

    answer = await handler(REQUEST)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, told)


async def test_what_a_token_does_not_allow_is_said_as_such() -> None:
    """A 403 says in WWW-Authenticate that a scope is missing."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise errors.ForbiddenError("Hardware needs the scope or the app role x.")

    answer = await handler(REQUEST)

    assert (answer.status_code, json.loads(answer.get_body())["code"]) == (403, "forbidden")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


async def test_an_encoding_is_refused_with_the_one_that_is_taken() -> None:
    """A 415 for a content encoding carries Accept-Encoding (RFC 9110, 15.5.16)."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise errors.UnsupportedEncodingError

    answer = await handler(REQUEST)

    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")


async def test_an_unexpected_error_tells_the_caller_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What went wrong inside is in the log and not in the answer."""

    @endpoint
    async def handler(req: func.HttpRequest) -> func.HttpResponse:
        raise ZeroDivisionError("inner workings")

    answer = await handler(REQUEST)

    assert answer.status_code == 500
    assert b"inner workings" not in answer.get_body()
    assert "inner workings" in caplog.text
