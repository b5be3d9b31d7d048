"""Refusals of the platform and of the gateway, each with its own status and a reason."""

from __future__ import annotations

import pytest

from localdev.gateway.backends import BackendError
from localdev.gateway.context import Response
from localdev.gateway.operations import find, routes
from tests.unit.gateway.conftest import APIM, Door, answered, opened, problem

METHODS = ("GET", "HEAD", "POST", "DELETE")
"""Of the contract, in the order in which `Allow` lists them."""


@pytest.mark.parametrize(
    ("backend", "status", "code"),
    [
        (400, 400, "bad-request"),
        (404, 404, "unknown-operation"),
        (405, 405, "method-not-allowed"),
        (406, 406, "bad-request"),
        (411, 411, "length-required"),
        (413, 413, "body-too-large"),
        (414, 414, "address-too-long"),
        (415, 415, "unsupported-media-type"),
        (417, 417, "bad-request"),
        (421, 421, "bad-request"),
        (431, 431, "headers-too-large"),
        (401, 502, "bad-gateway"),
        (403, 502, "bad-gateway"),
        (501, 502, "bad-gateway"),
        (505, 502, "bad-gateway"),
        (408, 503, "temporarily-unavailable"),
        (429, 503, "temporarily-unavailable"),
        (500, 503, "temporarily-unavailable"),
        (502, 503, "temporarily-unavailable"),
        (503, 503, "temporarily-unavailable"),
        (504, 504, "gateway-timeout"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Bad Request</html>", b'{"status": 400}'])
async def test_what_the_platform_refuses_keeps_its_status(
    door: Door, backend: int, status: int, code: str, body: bytes
) -> None:
    """What was refused for good is explained as that; only the rest says when to come back."""
    door.backend.answer = lambda _: Response(backend, body=body)

    answer = await door.ask("GET", "/jobs")

    problem(answer, status, code)
    assert ("retry-after" in answer.headers) == (status >= 502)


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (BackendError(503, "BackendConnectionFailure", "no"), 503, "temporarily-unavailable"),
        (BackendError(503, "CircuitBreakerOpen", "no"), 503, "temporarily-unavailable"),
        (BackendError(504, "Timeout", "no"), 504, "gateway-timeout"),
    ],
)
async def test_no_answer_is_a_problem_too(
    door: Door, failure: BackendError, status: int, code: str
) -> None:
    """Functions that do not answer may do so later."""
    door.backend.answer = lambda _: failure

    answer = await door.ask("GET", "/jobs")

    problem(answer, status, code)
    assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        *(("7", "7"), ("1", "1"), ("300", "300"), ("0", "1"), ("-5", "1"), ("301", "300")),
        *(("86400", "300"), ("99999999999999", "5"), ("soon", "5"), ("", "5")),
        ("Sun, 29 Nov 2026 12:00:00 GMT", "5"),
    ],
)
@pytest.mark.parametrize("status", [429, 503, 504])
async def test_the_platform_says_when_to_come_back(
    door: Door, status: int, told: str, expected: str
) -> None:
    """Its Retry-After is passed on, if it is a number, within a second and five minutes."""
    door.backend.answer = lambda _: answered(status, {}, Retry_After=told)

    assert (await door.ask("GET", "/jobs")).headers["retry-after"] == expected


@pytest.mark.parametrize("explained", [False, True])
async def test_a_refused_gateway_is_not_the_callers_fault(door: Door, *, explained: bool) -> None:
    """A 401 of the functions, explained or not, is never a 401 for the caller."""
    kind = "application/problem+json" if explained else "text/plain"
    door.backend.answer = lambda _: answered(401, {}, Content_Type=kind)

    problem(await door.ask("GET", "/jobs"), 502, "bad-gateway")


async def test_the_functions_may_refuse_a_caller(door: Door) -> None:
    """A 403 that they explain is about the caller, and passes."""
    document = {"code": "forbidden", "status": 403}
    kind = "application/problem+json"
    door.backend.answer = lambda _: answered(403, document, Content_Type=kind)

    answer = await door.ask("GET", "/jobs")

    assert (answer.status_code, answer.json()) == (403, document)


TEMPLATES = sorted({route.operation.url_template for route in routes(APIM / "openapi.yaml")})


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_a_path_takes_its_methods_alone(door: Door, template: str, method: str) -> None:
    """Another method of a path of the contract is 405 with the methods that there are."""
    path = template.replace("{algorithm}", "ghz").replace("{id}", "1").replace("{eventId}", "2")
    known = [one for one in METHODS if find(routes(APIM / "openapi.yaml"), one, path)]

    answer = await door.ask(method, path, json={}, caller="alice")

    if method in known:
        assert answer.status_code == 204
        return
    assert answer.status_code == 405
    assert answer.headers["allow"] == ", ".join(known)
    assert not door.backend.seen
    if method != "HEAD":
        assert ", ".join(known) in problem(answer, 405, "method-not-allowed")["detail"]


NOWHERE = [
    *("", "/", "/nothing", "/jobs/", "/algorithms/", "/algorithms/ghz/", "/health/", "/jobs/1/"),
    *("/jobs/1/results", "/algorithms/ghz/job", "/algorithms//jobs", "/jobs//result", "//jobs"),
    *("/algorithms/ghz/jobs/1", "/jobs/1/result/2", "/Jobs", "/openapi.yaml", "/targets/ionq"),
]


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_an_unknown_path_says_where_to_look(door: Door, method: str, path: str) -> None:
    """What is no path of the contract is 404, token or not, and goes nowhere."""
    for caller in ("alice", None):
        answer = await door.ask(method, path, caller)

        detail = problem(answer, 404, "unknown-operation")["detail"]
        assert "/algorithms" in detail
        assert "/openapi.json" in detail
        assert "allow" not in answer.headers
    assert not door.backend.seen


@pytest.mark.parametrize("consumption", [False, True])
async def test_other_tiers_refuse_the_same(*, consumption: bool) -> None:
    """What a tier lacks changes no refusal of a path or of a method."""
    async with opened(consumption=consumption) as door:
        problem(await door.ask("PUT", "/jobs"), 405, "method-not-allowed")
        problem(await door.ask("GET", "/"), 404, "unknown-operation")
        door.backend.answer = lambda _: Response(414)
        problem(await door.ask("GET", "/jobs"), 414, "address-too-long")
