"""Web pages of the origin that may call read every answer, also the refusals."""

from __future__ import annotations

from typing import Any

import pytest

from localdev.gateway import source
from localdev.gateway.backends import BackendError
from localdev.gateway.configuration import Files
from localdev.gateway.context import Response
from tests.unit.gateway.conftest import APIM, VALUES, Door, bearer, opened

PAGE = {"origin": "https://web.example.com"}
JSON = {"content-type": "application/json"}
READABLE_ANYWAY = {"cache-control", "content-type"}
"""Response headers that a page may read without being told so (the Fetch standard)."""


async def test_a_web_page_of_the_origin_may_call(door: Door) -> None:
    """A preflight request is answered without a token, and with what documents tell to send."""
    preflight = {**PAGE, "access-control-request-method": "POST"}

    asked = await door.ask("OPTIONS", "/algorithms/ghz/jobs", caller=None, headers=preflight)

    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE["origin"]
    assert set(asked.headers["access-control-allow-methods"].split(",")) >= {"POST", "HEAD"}
    assert set(asked.headers["access-control-allow-headers"].split(",")) == {
        *("authorization", "content-type", "idempotency-key", "if-none-match"),
        *("ocp-apim-subscription-key", "prefer", "traceparent"),
    }


REFUSALS: dict[int, dict[str, Any]] = {
    401: {"method": "GET", "path": "/jobs", "caller": None},
    403: {"method": "GET", "path": "/jobs", "caller": None, "headers": bearer({"oid": "alice"})},
    404: {"method": "GET", "path": "/nothing"},
    405: {"method": "PUT", "path": "/jobs"},
    413: {"method": "POST", "path": "/algorithms/a/jobs", "headers": JSON, "content": b" " * 1001},
    415: {"method": "POST", "path": "/algorithms/a/jobs", "content": b"{}"},
}


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_page_may_read_every_refusal(door: Door, status: int) -> None:
    """Whatever the gateway refuses, the page is told why."""
    request = dict(REFUSALS[status])
    request["headers"] = {**PAGE, **request.get("headers", {})}

    answer = await door.ask(request.pop("method"), request.pop("path"), **request)

    assert answer.status_code == status
    assert answer.headers.get_list("access-control-allow-origin") == [PAGE["origin"]]
    exposed = answer.headers.get("access-control-expose-headers", "").split(",")
    assert status not in {401, 403} or "www-authenticate" in exposed
    assert status != 405 or "allow" in exposed


@pytest.mark.parametrize(
    "outcome",
    [
        *(Response(status) for status in (401, 404, 413, 500, 503, 504)),
        BackendError(503, "BackendConnectionFailure", "no"),
        BackendError(504, "Timeout", "no"),
    ],
)
async def test_a_page_may_read_what_became_of_the_functions(
    door: Door, outcome: Response | BackendError
) -> None:
    """Functions that do not answer, or not themselves, are no riddle to a page."""
    door.backend.answer = lambda _: outcome

    answer = await door.ask("GET", "/jobs", headers=PAGE)

    assert answer.headers.get_list("access-control-allow-origin") == [PAGE["origin"]]
    assert "retry-after" in answer.headers["access-control-expose-headers"]


async def test_a_page_may_read_that_it_asks_too_often() -> None:
    """Every limit says when to come back, to pages as well."""
    limits = {
        "requests-per-minute-of-address": "1",
        "polls-per-minute": "1",
        "submits-per-minute": "1",
    }
    for name, value in limits.items():
        async with opened({name: value}) as door:
            method, path = ("POST", "/algorithms/a/jobs") if "submits" in name else ("GET", "/jobs")
            await door.ask(method, path, json={}, headers=PAGE)
            answer = await door.ask(method, path, json={}, headers=PAGE)

        assert answer.status_code == 429
        assert answer.headers["access-control-allow-origin"] == PAGE["origin"]
        assert "retry-after" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", ["/jobs", "/nothing", "/health"])
@pytest.mark.parametrize("method", ["OPTIONS", "GET", "PUT"])
async def test_a_page_of_another_origin_may_not(door: Door, method: str, path: str) -> None:
    """No other page is told that it may read an answer: at most, who may."""
    answer = await door.ask(method, path, headers={"origin": "https://evil.example.com"})

    assert answer.headers.get("access-control-allow-origin") in {None, PAGE["origin"]}


def test_every_header_that_the_policies_set_is_readable() -> None:
    """What an answer says in a header of the gateway's, a page may read."""
    files = Files(APIM)
    values = files.named_values(VALUES)
    told = {"x-ratelimit-remaining", "x-ratelimit-limit"}
    exposed = set()
    for file in files.documents():
        for one in source.read(file, values).every():
            if one.name == "return-response":
                told |= {
                    part.attributes["name"].lower() for part in one.children[1:] if part.attributes
                }
            if one.name == "expose-headers":
                exposed |= {part.text for part in one.children}

    own = {name for name in told if name.startswith("access-control-")}
    assert told - own - READABLE_ANYWAY - {"vary"} <= exposed
