"""Effect of the policies of `apim/` on every request and response."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from localdev.gateway.context import Response
from tests.unit.gateway.conftest import (
    TENANT,
    VALUES,
    Backend,
    Door,
    Time,
    answered,
    bearer,
    gateway,
    problem,
)

OPERATIONS = [
    ("GET", "/algorithms"),
    ("GET", "/algorithms/ghz"),
    ("GET", "/targets"),
    ("POST", "/algorithms/ghz/jobs"),
    ("POST", "/algorithms/ghz/estimate"),
    ("GET", "/jobs"),
    ("GET", "/jobs/1"),
    ("GET", "/jobs/1/result"),
    ("DELETE", "/jobs/1"),
]
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_without_a_token_nothing_is_answered(door: Door, method: str, path: str) -> None:
    """Every operation but two needs a token, and says so."""
    answer = await door.ask(method, path, caller=None, headers=JSON)

    assert "Bearer" in problem(answer, 401, "unauthenticated")["detail"]
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not door.backend.seen


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/health"),
        ("HEAD", "/health"),
        ("GET", "/health/functions"),
        ("GET", "/openapi.json"),
        ("HEAD", "/openapi.json"),
    ],
)
async def test_three_addresses_are_open(door: Door, method: str, path: str) -> None:
    """Health and contract need no token, and nobody is named to the functions."""
    door.backend.answer = lambda _: answered(200, {})

    answer = await door.ask(method, path, caller=None, headers={"x-caller-id": "forged"})

    assert answer.status_code == 200
    assert "x-caller-id" not in door.backend.seen[0].headers


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    ("claims", "allowed"),
    [
        ({"scp": "jobs.read"}, {"read"}),
        ({"scp": "jobs.submit"}, {"submit"}),
        ({"scp": "User.Read jobs.read jobs.submit"}, {"read", "submit"}),
        ({"roles": ["jobs.reader"]}, {"read"}),
        ({"roles": ["jobs.submitter"]}, {"submit"}),
        ({"roles": ["jobs.reader", "jobs.submitter"]}, {"read", "submit"}),
        ({"scp": "jobs.read", "roles": ["jobs.submitter"]}, {"read"}),
        ({"scp": "User.Read", "roles": ["jobs.reader", "jobs.submitter"]}, set()),
        ({"scp": "", "roles": ["jobs.reader"]}, set()),
        ({}, set()),
        ({"scp": "jobs.reader jobs.submitter"}, set()),
        ({"roles": ["jobs.read", "jobs.submit"]}, set()),
        ({"scp": "jobs.read.all xjobs.submit"}, set()),
        ({"roles": ["x,jobs.reader", "jobs.submitter,x"]}, set()),
        ({"roles": ["x,y", "jobs.reader"]}, {"read"}),
        ({"roles": "jobs.reader"}, {"read"}),
        ({"roles": []}, set()),
        ({"scp": ["x,jobs.read", "jobs.submit,x"]}, set()),
    ],
)
async def test_an_operation_needs_its_scope_or_role(
    door: Door, method: str, path: str, claims: dict[str, Any], allowed: set[str]
) -> None:
    """Reading takes one scope or role, anything else another; beside scopes no role counts."""
    door.backend.answer = lambda _: answered(204, None)
    headers = {**JSON, **bearer({"oid": "alice", **claims})}

    answer = await door.ask(method, path, caller=None, headers=headers)

    if ("read" if method == "GET" else "submit") in allowed:
        assert answer.status_code == 204
    else:
        needed = "jobs.read" if method == "GET" else "jobs.submit"
        assert needed in problem(answer, 403, "forbidden")["detail"]
        assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'
        assert not door.backend.seen


@pytest.mark.parametrize("claims", [{"oid": ""}, {"tid": "", "oid": "alice"}, {"sub": "alice"}])
async def test_a_token_that_names_nobody_is_refused(door: Door, claims: dict[str, str]) -> None:
    """A caller is a tenant and an object id; without both there is none."""
    answer = await door.ask(
        "GET", "/jobs", caller=None, headers=bearer({"scp": "jobs.read", **claims})
    )

    problem(answer, 403, "forbidden")
    assert not door.backend.seen


async def test_who_calls_cannot_be_forged(door: Door) -> None:
    """What a client says of its identity never reaches the functions."""
    forged = {
        "X-Caller-Id": "tenant:bob",
        "X-Caller-Lacks": "forged",
        "x-ms-client-principal": "forged",
        "X-MS-CLIENT-PRINCIPAL-ID": "forged",
        "x-ms-client-principal-name": "forged",
        "x-ms-client-principal-idp": "forged",
        "X-Functions-Key": "forged",
        "X-Forwarded-Host": "forged",
        "X-Forwarded-Proto": "forged",
        "X-Forwarded-Prefix": "forged",
    }

    await door.ask("GET", "/jobs", headers=forged)

    headers = door.backend.seen[0].headers
    assert headers.getall("x-caller-id") == [f"{TENANT}:alice"]
    assert headers.getall("x-forwarded-host") == ["api.example.com"]
    assert headers.getall("x-forwarded-proto") == ["https"]
    assert headers.getall("x-forwarded-prefix") == ["/quantum"]
    assert not [value for value in headers.values() if "forged" in value]


async def test_the_gateway_calls_in_its_own_name(door: Door) -> None:
    """The functions get the gateway's token and never the caller's."""
    await door.ask("GET", "/jobs")

    authorization = door.backend.seen[0].headers.getall("authorization")
    assert authorization == ["Bearer 0ccccccc-0000-4000-8000-000000000000 for api://functions"]


async def test_a_request_goes_on_as_it_came(door: Door) -> None:
    """Method, path with its encoding, query, other headers and body are the caller's."""
    headers = {**JSON, "prefer": "wait=3", "idempotency-key": "k", "traceparent": "00-a-b-01"}

    await door.ask("POST", "/algorithms/a%2Fb/jobs?x=1&x=%20", headers=headers, content=b'{"a": 1}')

    seen = door.backend.seen[0]
    assert (seen.method, seen.path) == ("POST", "/algorithms/a%2Fb/jobs?x=1&x=%20")
    assert seen.body == b'{"a": 1}'
    assert {name: seen.headers.get(name) for name in headers} == headers


async def test_another_api_is_not_this_gateways(door: Door) -> None:
    """What is not below the API's path is answered as API Management does."""
    answer = await door.client.get("/quantumx/jobs")

    assert (answer.status_code, answer.json()["statusCode"]) == (404, 404)


async def test_a_problem_of_the_functions_passes_unchanged(door: Door) -> None:
    """What the functions refuse they explain themselves."""
    document = {"code": "unknown-job", "status": 404}
    refused = answered(404, document)
    refused.headers["Content-Type"] = "application/problem+json"
    door.backend.answer = lambda _: refused

    answer = await door.ask("GET", "/jobs/1")

    assert (answer.status_code, answer.json()) == (404, document)


@pytest.mark.parametrize(
    "kind", ["Application/Problem+JSON", "APPLICATION/PROBLEM+JSON; charset=utf-8"]
)
async def test_a_problem_is_known_in_any_case(door: Door, kind: str) -> None:
    """The names of media types have no case."""
    refused = answered(404, {"code": "unknown-job", "status": 404})
    refused.headers["Content-Type"] = kind
    door.backend.answer = lambda _: refused

    answer = await door.ask("GET", "/jobs/1")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-job")


async def test_links_follow_the_public_host(door: Door) -> None:
    """A port that is not the scheme's own belongs to the host."""
    await door.client.get("https://api.example.com:8443/quantum/health")
    await door.client.get("http://api.example.com:443/quantum/health")

    hosts = [seen.headers.get("x-forwarded-host") for seen in door.backend.seen]
    assert hosts == ["api.example.com:8443", "api.example.com:443"]


@pytest.mark.parametrize("host", ["a b", "evil/quantum#", "x:99999999", "[::1", "", "a,b", "<>"])
async def test_a_host_that_is_none_is_refused(door: Door, host: str) -> None:
    """Links never begin with what cannot be a host, nor with that of the functions."""
    answer = await door.ask("GET", "/jobs", headers={"host": host})

    assert answer.status_code == 400
    assert not door.backend.seen


async def test_what_fails_in_a_policy_leaves_a_trace(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """What the caller is not told is in the log: file, line, policy and exception."""
    door.backend.answer = lambda _: Response(202, body=b"{'shots': 1}")  # only nearly JSON

    answer = await door.ask("POST", "/algorithms/ghz/jobs", json={})

    problem(answer, 500, "internal-error")
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "submit-job.xml:" in record.getMessage()
    assert "<set-variable> fails: NotSupportedException" in record.getMessage()


FRONT_DOOR = "0fffffff-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"x-azure-fdid": FRONT_DOOR}, 204), ({"X-Azure-FDID": "another"}, 404), ({}, 404)],
    ids=["through it", "through another", "past it"],
)
@pytest.mark.parametrize("consumption", [False, True])
async def test_behind_front_door_there_is_no_way_past_it(
    sent: dict[str, str], status: int, *, consumption: bool
) -> None:
    """Whoever comes another way is told where the API is; nothing reaches the functions."""
    backend = Backend()
    values = {**VALUES, "front-door-id": FRONT_DOOR, "public-host": "api.example.net"}
    app = gateway(backend, Time(), values, consumption=consumption)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://gateway.example.com"
    ) as client:
        answer = await Door(client, backend, Time()).ask("GET", "/jobs", headers=sent)

    assert answer.status_code == status
    assert len(backend.seen) == (status == 204)
    if status == 404:
        assert "https://api.example.net" in problem(answer, 404, "unknown-operation")["detail"]
