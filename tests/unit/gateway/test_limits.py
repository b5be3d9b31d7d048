"""Rate limits of callers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from localdev.gateway.context import Response
from qjobs.bootstrap import catalogue
from tests.unit.gateway.conftest import APIM, VALUES, Door, Seen, answered, bearer, opened

SUBMIT = "/algorithms/ghz/jobs"
BODY = {"shots": 1}
SUBMITS = int(VALUES["submits-per-minute"])
POLLS = int(VALUES["polls-per-minute"])
SHOTS = int(VALUES["shots-per-five-minutes"])


def accept(shots: int, **headers: str) -> Response:
    """Accept a job of that many shots."""
    return answered(202, {"id": "1", "status": "Queued", "shots": shots}, **headers)


async def submit(door: Door, caller: str = "alice", *, shots: int = 1) -> httpx.Response:
    """Submit a job that the functions accept."""
    door.backend.answer = lambda _: accept(shots)
    return await door.ask("POST", SUBMIT, caller, json=BODY)


def refused(answer: httpx.Response, longest: int) -> int:
    """Return for how long an answer tells the caller to wait; it must be a refusal."""
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= longest
    return wait


async def test_submissions_over_the_limit_are_refused(door: Door) -> None:
    """A minute's submissions go through, the next one is refused and reaches nobody."""
    answers = [await submit(door) for _ in range(SUBMITS + 1)]

    assert [answer.status_code for answer in answers] == [202] * SUBMITS + [429]
    refused(answers[-1], 60)
    assert len(door.backend.seen) == SUBMITS


async def test_submissions_say_how_many_are_left(door: Door) -> None:
    """The headers count down to zero, and say it with the refusal too."""
    answers = [await submit(door) for _ in range(SUBMITS + 1)]

    left = [answer.headers["x-ratelimit-remaining"] for answer in answers]
    assert left == [str(count) for count in [*range(SUBMITS - 1, -1, -1), 0]]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {str(SUBMITS)}


@pytest.mark.parametrize(
    ("name", "limit", "path", "caller"),
    [
        ("submits-per-minute", "3 submissions in 60 seconds", SUBMIT, "alice"),
        ("shots-per-five-minutes", "3 shots of accepted jobs in 300 seconds", SUBMIT, "alice"),
        ("polls-per-minute", "3 requests besides submissions in 60 seconds", "/jobs", "alice"),
        ("polls-per-minute", "3 requests besides submissions in 60 seconds", "/health", None),
        (
            "requests-per-minute-of-address",
            "3 requests of one address in 60 seconds",
            "/health",
            None,
        ),
    ],
)
async def test_a_refusal_names_the_limit(
    name: str, limit: str, path: str, caller: str | None
) -> None:
    """The body has what no typed client sees of the headers: which limit, and how many seconds."""
    async with opened({name: "3"}) as door:
        door.backend.answer = lambda _: accept(1)
        method = "POST" if path == SUBMIT else "GET"
        for _ in range(4):
            answer = await door.ask(method, path, caller, json=BODY)

    wait = refused(answer, 300)
    assert answer.json()["detail"] == f"More than {limit}: send the next one in {wait} s."
    assert answer.json()["message"] == answer.json()["detail"]


async def test_polls_have_a_limit_of_their_own(door: Door) -> None:
    """Whoever may not submit any more still polls; whoever may not poll still submits."""
    for _ in range(SUBMITS):
        await submit(door)
    refused(await submit(door), 60)
    door.backend.answer = lambda _: answered(200, {"status": "Running"})

    polls = [await door.ask("GET", "/jobs/1") for _ in range(POLLS + 1)]

    assert [answer.status_code for answer in polls] == [200] * POLLS + [429]
    refused(polls[-1], 60)
    assert (await submit(door, "bob")).status_code == 202


async def test_one_callers_limit_is_not_anothers(door: Door) -> None:
    """What one caller uses up another still has."""
    for _ in range(SUBMITS + 1):
        await submit(door, "alice")

    assert (await submit(door, "bob")).status_code == 202


async def test_every_other_operation_counts_as_a_poll(door: Door) -> None:
    """Listing, cancelling and the catalogue use up the same limit as status and result."""
    paths = [("GET", "/jobs"), ("DELETE", "/jobs/1"), ("GET", "/targets"), ("GET", "/algorithms")]
    for number in range(POLLS):
        method, path = paths[number % len(paths)]
        assert (await door.ask(method, path)).status_code == 204

    for method, path in [*paths, ("GET", "/jobs/1/result")]:
        refused(await door.ask(method, path), 60)


async def test_without_a_token_an_address_is_a_caller(door: Door) -> None:
    """Open operations are limited by where the requests come from, and by nobody's polls."""
    answers = [await door.ask("GET", "/health", caller=None) for _ in range(POLLS + 1)]

    assert [answer.status_code for answer in answers] == [204] * POLLS + [429]
    assert (await door.ask("GET", "/jobs")).status_code == 204


async def test_too_many_shots_make_the_next_submission_wait(door: Door) -> None:
    """The job that exceeds the limit of shots is taken; the next one is refused."""
    first = await submit(door, shots=SHOTS - 1)
    second = await submit(door, shots=SHOTS)
    third = await submit(door)

    assert (first.status_code, second.status_code) == (202, 202)
    refused(third, 300)


DEFAULTS = {
    name: value["default"]
    for name, value in json.loads((APIM / "named-values.json").read_text("utf-8")).items()
    if name in {"submits-per-minute", "shots-per-five-minutes"}
}


@pytest.mark.parametrize("limit", [DEFAULTS["shots-per-five-minutes"], "100000"])
async def test_a_limit_of_any_size_limits(limit: str) -> None:
    """Jobs one after the other get the shots of the limit and one job more, at any refill rate.

    The clock goes on between them, because a bucket of a million has a token again at once.
    """
    most = max(catalogue().submission_rules(one["id"]).maximum_shots for one in catalogue().all())
    async with opened({**DEFAULTS, "shots-per-five-minutes": limit}) as door:
        accepted = 0
        while (answer := await submit(door, shots=most)).status_code == 202:
            accepted += most
            door.time.now += 0.01

    assert int(limit) <= accepted <= int(limit) + 2 * most
    assert accepted < int(DEFAULTS["submits-per-minute"]) * most
    assert refused(answer, 300) > 1


@pytest.mark.parametrize("answer", [(422, {}), (202, {"idempotent_replayed": "true"})])
async def test_only_accepted_shots_count(door: Door, answer: tuple[int, dict[str, str]]) -> None:
    """A refused submission and a repeated one use up no shots."""
    status, headers = answer
    response = answered(status, {"shots": SHOTS}, **headers)
    response.headers["Content-Type"] = "application/problem+json"
    door.backend.answer = lambda _: response
    for _ in range(2):
        assert (await door.ask("POST", SUBMIT, json=BODY)).status_code == status

    assert (await submit(door)).status_code == 202


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'{"shots": ', b"{}", b'{"shots": null}', b'{"shots": "x"}']
)
async def test_an_accepted_job_without_shots_passes(door: Door, body: bytes) -> None:
    """An answer that does not say how many shots there are is passed on as it is."""
    door.backend.answer = lambda _: Response(202, body=body)

    answer = await door.ask("POST", SUBMIT, json=BODY)

    assert (answer.status_code, answer.content) == (202, body)


async def test_a_client_that_waits_as_told_completes(door: Door) -> None:
    """Whoever honours Retry-After gets every job accepted, with one refusal for each at most."""
    door.backend.answer = lambda _: accept(1)
    refusals = 0
    for _ in range(3 * SUBMITS):
        while (answer := await door.ask("POST", SUBMIT, json=BODY)).status_code == 429:
            refusals += 1
            door.time.now += refused(answer, 60)
        assert answer.status_code == 202

    assert 0 < refusals <= 2 * SUBMITS


async def test_a_burst_gets_exactly_the_limit(door: Door) -> None:
    """However many ask at once, as many as allowed go through."""
    door.backend.answer = lambda _: accept(1)

    answers = await asyncio.gather(
        *(door.ask("POST", SUBMIT, json=BODY) for _ in range(5 * SUBMITS))
    )

    assert sum(answer.status_code == 202 for answer in answers) == SUBMITS


@pytest.mark.parametrize("kind", ["text/plain", "application/jsonx", "", "multipart/form-data"])
async def test_a_body_that_is_no_json_is_refused(door: Door, kind: str) -> None:
    """A submission that does not claim to be JSON reaches nobody."""
    answer = await door.ask("POST", SUBMIT, content=b"{}", headers={"content-type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert not door.backend.seen


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
@pytest.mark.parametrize("size", [999, 1000, 1001])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_has_a_limit(door: Door, kind: str, size: int, *, chunked: bool) -> None:
    """A body of the limit goes through, one byte more does not, however it is sent."""

    async def chunks() -> object:
        yield b"x" * size

    def echo(seen: Seen) -> Response:
        assert (len(seen.body), seen.chunked) == (size, False)
        return accept(1)

    door.backend.answer = echo
    content = chunks() if chunked else b"x" * size

    answer = await door.ask("POST", SUBMIT, content=content, headers={"content-type": kind})

    assert answer.status_code == (413 if size > 1000 else 202)
    assert answer.json().get("code") == ("body-too-large" if size > 1000 else None)


async def endless() -> AsyncIterator[bytes]:
    """Yield a body that nobody should read to its end."""
    for _ in range(10):
        yield b"x" * 1024 * 1024
    raise AssertionError("all of the body was read")


@pytest.mark.parametrize("caller", ["alice", None])
async def test_an_endless_body_is_not_read_to_its_end(door: Door, caller: str | None) -> None:
    """What is larger than any body may be is refused before all of it is there."""
    kind = {"content-type": "application/json"}

    answer = await door.ask("POST", SUBMIT, caller, content=endless(), headers=kind)

    assert answer.status_code == (401 if caller is None else 413)
    assert answer.json()["code"] == ("unauthenticated" if caller is None else "body-too-large")


async def unreadable() -> AsyncIterator[bytes]:
    """Fail as soon as anybody reads the body."""
    yield b""
    raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (401, {"caller": None}),
        (403, {"caller": None, "headers": bearer({"oid": "alice", "scp": "jobs.read"})}),
        (404, {"path": "/nothing"}),
        (405, {"path": "/jobs"}),
        (413, {"headers": {"content-length": "1001"}}),
        (415, {"headers": {"content-type": "text/plain"}}),
        (429, {"limit": 1}),
    ],
)
async def test_what_is_refused_is_refused_before_the_body(
    status: int, request_: dict[str, Any]
) -> None:
    """Path, token, scope, limits, kind and size are looked at before a byte is received."""
    async with opened({"submits-per-minute": "1"}) as door:
        if request_.pop("limit", 0):
            await door.ask("POST", SUBMIT, json={})
        headers = {"content-type": "application/json", **request_.pop("headers", {})}
        path = request_.pop("path", SUBMIT)

        answer = await door.ask("POST", path, content=unreadable(), headers=headers, **request_)

    assert answer.status_code == status


async def test_requests_without_a_valid_token_have_a_limit() -> None:
    """Whoever tries tokens, or sends none, is refused after so many by the address."""
    async with opened({"requests-per-minute-of-address": "3"}) as door:
        answers = [await door.ask("GET", "/jobs", caller=None) for _ in range(4)]
        valid = await door.ask("GET", "/jobs")
        door.time.now += 20
        later = await door.ask("GET", "/jobs")

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    refused(answers[-1], 60)
    refused(valid, 60)
    assert later.status_code == 204


async def test_the_limit_of_an_address_is_that_of_the_real_one() -> None:
    """Behind Front Door it is the address that it names, which a client cannot choose."""
    front = "0fffffff-0000-4000-8000-000000000000"
    values = {"front-door-id": front, "public-host": "x", "requests-per-minute-of-address": "1"}
    async with opened(values) as door:
        sent = {"x-azure-fdid": front, "x-azure-socketip": "198.51.100.1"}
        first = [await door.ask("GET", "/jobs", None, headers=sent) for _ in range(2)]
        other = await door.ask("GET", "/jobs", None, headers={**sent, "x-azure-socketip": "::1"})

    assert [answer.status_code for answer in [*first, other]] == [401, 429, 401]
