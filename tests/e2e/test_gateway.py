"""The whole chain: tokens, limits and cache at the gateway, and functions that admit it alone."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import jwt
import pytest

from azure_quantum_emulator.supervision.process import Process
from emulator_support.patience import PATIENCE, async_tries
from localdev.identity.directory import API_AUDIENCE, FUNCTIONS_AUDIENCE
from localdev.identity.tokens import Claims, Issuer, new_key
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to, gateway_to, issuer_of
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Profile
from localdev.stack.parts import Gateway
from localdev.stack.stack import Stack
from tests.openapi import check_response

GHZ = {"input": {"qubits": 3}, "shots": 200}
WAIT = {"prefer": "wait=30"}
NOBODY = "7e4a1f00-0000-4000-8000-00000000000f"
LIMITS = {
    "submits-per-minute": "30",
    "polls-per-minute": "60",
    "shots-per-five-minutes": "1000",
}


@contextmanager
def one_more_gateway(
    facts: StackFacts, directory: Path, named_values: Mapping[str, str], *arguments: str
) -> Iterator[str]:
    """Start a gateway beside that of the stack; yields its address."""
    part = Gateway(Options(directory, named_values=named_values))
    environment = os.environ | dict(part.environment(facts))
    command = [*part.command(facts), *arguments]
    log = directory / "gateway.log"
    process = Process("another gateway", command, log=log, cwd=ROOT, env=environment)
    try:
        yield process.wait_until(lambda: part.ready(process), part.start_timeout)["url"]
    finally:
        process.stop()


@pytest.fixture(scope="module")
def strict(running_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one more gateway, with low limits; yields its address."""
    with one_more_gateway(running_stack.facts, tmp_path_factory.mktemp("strict"), LIMITS) as url:
        yield url


@pytest.fixture
def claims(stack: StackFacts) -> Claims:
    """Return what a good token says."""
    return issuer_of(stack).user_claims(uuid.uuid4().hex)


async def asked(
    stack: StackFacts, token: str, path: str = "jobs", method: str = "GET"
) -> httpx.Response:
    """Send a request with a token, or without one if it is empty."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(
        event_hooks={"response": [check_response]}, timeout=PATIENCE
    ) as client:
        url = f"{stack['gateway']['url']}/{path}"
        return await client.request(
            method, url, headers=headers, json=GHZ if method == "POST" else None
        )


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("kind", ["scopes", "roles"])
async def test_good_tokens_open_everything(stack: StackFacts, version: str, kind: str) -> None:
    """Tokens of both versions, of people and of applications, may read and submit."""
    issuer = issuer_of(stack)
    make = issuer.user_claims if kind == "scopes" else issuer.application_claims
    token = issuer.sign(make("somebody", version=version))

    assert (await asked(stack, token)).status_code == 200
    submitted = await asked(stack, token, "algorithms/ghz/jobs", "POST")
    assert submitted.status_code == 202


def forged(issuer: Issuer, claims: Claims) -> str:
    """Sign with another key under the same name."""
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": issuer.key_id})


BAD_TOKENS: dict[str, tuple[int, str, Callable[[Issuer, Claims], str]]] = {
    "none": (401, "unauthenticated", lambda *_: ""),
    "no token": (401, "unauthenticated", lambda *_: "hello"),
    "wrong tenant": (
        401,
        "unauthenticated",
        lambda _, claims: Issuer(NOBODY, new_key()).sign(
            claims | {"tid": NOBODY, "iss": f"https://login.microsoftonline.com/{NOBODY}/v2.0"}
        ),
    ),
    "wrong issuer": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"iss": "https://evil.example.com/"}),
    ),
    "issuer of another version of nobody": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"iss": f"https://sts.windows.net/{NOBODY}/"}),
    ),
    "wrong audience": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"aud": FUNCTIONS_AUDIENCE}),
    ),
    "wrong key": (401, "unauthenticated", forged),
    "algorithm none": (
        401,
        "unauthenticated",
        lambda _, claims: jwt.encode(claims, "", algorithm="none"),
    ),
    "algorithm HS256": (
        401,
        "unauthenticated",
        lambda issuer, claims: jwt.encode(
            claims, "x" * 32, algorithm="HS256", headers={"kid": issuer.key_id}
        ),
    ),
    "expired": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"exp": int(time.time()) - 1}),
    ),
    "not yet valid": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"nbf": int(time.time()) + 60}),
    ),
    "no expiry": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign({k: v for k, v in claims.items() if k != "exp"}),
    ),
    "missing scope": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "jobs.submit User.Read"}),
    ),
    "scope in place of a role": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "", "roles": ["jobs.read"]}),
    ),
    "role in place of a scope": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "jobs.reader"}),
    ),
    "no holder": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign({k: v for k, v in claims.items() if k != "oid"}),
    ),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_bad_token_is_refused(stack: StackFacts, claims: Claims, kind: str) -> None:
    """Whatever is wrong with a token, the answer is the right problem, and not a word of it."""
    status, code, make = BAD_TOKENS[kind]
    token = make(issuer_of(stack), claims)

    answer = await asked(stack, token)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert len(token) < 10 or token not in answer.text


async def test_v1_and_v2_audiences_are_not_mixed_up_with_others(
    stack: StackFacts, claims: Claims
) -> None:
    """Either audience of the API is one, with either version."""
    assert (await asked(stack, issuer_of(stack).sign(claims | {"aud": API_AUDIENCE}))).is_success


async def test_the_functions_admit_the_gateway_alone(stack: StackFacts) -> None:
    """Whoever goes past the gateway is refused, whatever is sent along."""
    functions = stack["functions"]
    url, gateway = f"{functions['url']}/api/jobs", dict(gateway_to(stack).headers)
    caller = {"x-caller-id": gateway["x-caller-id"]}
    claimed = {"x-ms-client-principal-id": "7e4a1f00-0000-4000-8000-000000000005"}
    attempts = {
        "nothing": {},
        "a caller": caller,
        "a key": caller | {"x-functions-key": functions.get("key", "none")},
        "the platform's own header": caller | claimed,
        "a caller's token": caller | dict(access_to(stack).headers),
        "no caller": {"authorization": gateway["authorization"]},
    }
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        statuses = {
            name: (await client.get(url, headers=headers)).status_code
            for name, headers in attempts.items()
        }
        assert statuses == dict.fromkeys(attempts, 401)
        assert (await client.get(url, headers=gateway)).status_code == 200


async def test_what_is_finished_needs_no_functions(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """With the functions dead, a finished job and its result are still there for their owner."""
    job = (await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)).json()
    paths = [f"jobs/{job['id']}", f"jobs/{job['id']}/result", f"jobs/{job['id'].upper()}/result"]
    before = [await api.get(path) for path in paths]
    other = access_to(running_stack.facts, caller=uuid.uuid4().hex).headers

    running_stack.kill("functions")
    try:
        after = [await api.get(path) for path in paths]
        others = [await api.get(path, headers=other) for path in paths]
        listed = await api.get("jobs")
    finally:
        running_stack.start("functions")

    assert [answer.headers["x-cache"] for answer in after] == ["HIT"] * 3
    for live, cached in zip(before, after, strict=True):
        assert (live.status_code, live.json()) == (cached.status_code, cached.json())
        ours = ("x-cache", "date", "content-length", "transfer-encoding")
        headers = [
            [item for item in one.headers.items() if item[0] not in ours] for one in (live, cached)
        ]
        assert sorted(headers[0]) == sorted(headers[1])
    assert [answer.status_code for answer in [*others, listed]] == [503] * 4
    assert listed.json()["code"] == "temporarily-unavailable"
    async for _ in async_tries(0.5):  # the circuit breaker may be open for a while
        if (await api.get("jobs")).status_code == 200:
            break
    assert (await api.get("jobs")).status_code == 200


@pytest.fixture
async def caller(stack: StackFacts, strict: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the strict gateway, whose caller has not called yet."""
    async with httpx.AsyncClient(
        timeout=PATIENCE,
        base_url=strict,
        headers=access_to(stack, caller=uuid.uuid4().hex).headers,
        event_hooks={"response": [check_response]},
    ) as client:
        yield client


async def until_refused(
    caller: httpx.AsyncClient, method: str, path: str, limit: int
) -> httpx.Response:
    """Send requests until one is refused; more than the limit go through, but not many."""
    for number in range(2 * limit):
        answer = await caller.request(method, path, json={} if method == "POST" else None)
        if answer.status_code == 429:
            assert number >= limit
            return answer
    raise AssertionError(f"{2 * limit} requests were not refused")


async def test_submissions_and_polls_have_separate_limits(caller: httpx.AsyncClient) -> None:
    """Over each limit there is a 429 with Retry-After, while the other still lets through."""
    submit = await until_refused(caller, "POST", "algorithms/ghz/jobs", 30)
    assert submit.json()["code"] == "too-many-requests"
    assert 1 <= int(submit.headers["retry-after"]) <= 2
    assert (await caller.get("jobs")).status_code == 200

    poll = await until_refused(caller, "GET", "jobs", 59)
    assert poll.headers["retry-after"] == "1"


async def test_shots_have_a_limit_of_their_own(caller: httpx.AsyncClient) -> None:
    """After too many shots the next submission waits, and polling goes on."""
    path, body = "algorithms/ghz/jobs", GHZ | {"shots": 1000}
    first = await caller.post(path, json=body)
    second = await caller.post(path, json=body)

    assert (first.status_code, second.status_code) == (202, 429)
    assert 1 <= int(second.headers["retry-after"]) <= 300
    assert (await caller.get("jobs")).status_code == 200


async def test_a_client_that_honours_retry_after_completes(caller: httpx.AsyncClient) -> None:
    """Whoever waits as told gets through, again and again."""
    await until_refused(caller, "POST", "algorithms/ghz/jobs", 30)
    accepted: list[int] = []
    while len(accepted) < 3:
        answer = await caller.post("algorithms/ghz/jobs", json=GHZ)
        if answer.status_code == 429:
            await asyncio.sleep(int(answer.headers["retry-after"]))
        else:
            accepted.append(answer.status_code)

    assert accepted == [202] * 3


OF_THE_MOMENT = {"date", "x-cache"}


def seen(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all that a client sees of an answer, but for when it was and whether it was cached."""
    headers = [item for item in answer.headers.items() if item[0] not in OF_THE_MOMENT]
    return answer.status_code, answer.content, sorted(headers)


async def test_a_cached_answer_is_the_first_one(
    running_stack: Stack, stack: StackFacts, tmp_path: Path
) -> None:
    """Of every operation with a cache, status, body and each header are those of the functions."""
    values = {"public-host": "api.example.com"}
    with one_more_gateway(running_stack.facts, tmp_path, values) as url:
        headers = access_to(stack, caller=uuid.uuid4().hex).headers
        async with httpx.AsyncClient(
            base_url=url,
            headers=headers,
            timeout=PATIENCE,
            event_hooks={"response": [check_response]},
        ) as client:
            job = (await client.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)).json()
            paths = ["algorithms", "algorithms/ghz", "openapi.json", f"jobs/{job['id']}"]
            result, tags = f"jobs/{job['id']}/result", {"if-none-match": f'"{job["id"]}"'}
            told = await client.get(result, headers=tags)
            first = [await client.get(path) for path in [*paths, result]]
            again = [await client.get(path) for path in [*paths, result]]
            told_again = await client.get(result, headers=tags)

    assert told.status_code == 304
    for miss, hit in zip([told, *first], [told_again, *again], strict=True):
        assert (miss.headers["x-cache"], hit.headers["x-cache"]) == ("MISS", "HIT")
        assert seen(miss) == seen(hit)


@pytest.mark.parametrize("path", ["health", "openapi.json"])
async def test_a_probe_may_ask_for_the_headers_alone(api: httpx.AsyncClient, path: str) -> None:
    """HEAD is answered as GET is, without a body and without a token."""
    del api.headers["authorization"]

    whole, alone = await api.get(path), await api.head(path)

    assert (alone.status_code, alone.content) == (200, b"")
    assert alone.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PUT", "jobs", 405), ("HEAD", "jobs", 405), ("GET", "jobs/", 404), ("GET", "", 404)],
)
async def test_what_is_no_operation_says_so(
    api: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """Another method of a path is told those that there are."""
    api.event_hooks = {}  # an answer to HEAD has no problem document

    answer = await api.request(method, path)

    assert answer.status_code == status
    assert answer.headers.get("allow") == ("GET" if status == 405 else None)


async def test_a_body_in_chunks_arrives(api: httpx.AsyncClient) -> None:
    """A client that sends no Content-Length, as .NET's do, submits as anybody."""

    async def chunks() -> AsyncIterator[bytes]:
        for part in (b'{"input": {"qubits": 3},', b' "shots": 200}'):
            yield part

    answer = await api.post(
        "algorithms/ghz/jobs", content=chunks(), headers={"content-type": "application/json"}
    )

    assert (answer.status_code, answer.json()["shots"]) == (202, 200)


async def test_reserved_hardware_needs_a_scope(
    running_stack: Stack, stack: StackFacts, claims: Claims, tmp_path: Path
) -> None:
    """Where it is reserved, whoever lacks the scope runs on simulators only."""
    values, issuer = {"hardware-scope": "jobs.hardware"}, issuer_of(stack)
    body = GHZ | {"target": {"mode": "Hardware"}}
    statuses = []
    with one_more_gateway(running_stack.facts, tmp_path, values) as url:
        for scopes, sent in (("", body), ("", GHZ), (" jobs.hardware", body)):
            token = issuer.sign(claims | {"scp": claims["scp"] + scopes})
            async with httpx.AsyncClient(
                timeout=PATIENCE, event_hooks={"response": [check_response]}
            ) as client:
                answer = await client.post(
                    f"{url}/algorithms/ghz/jobs".replace("//algorithms", "/algorithms"),
                    json=sent,
                    headers={"authorization": f"Bearer {token}"},
                )
            statuses.append((answer.status_code, answer.json().get("code")))

    assert statuses == [(403, "forbidden"), (202, None), (202, None)]


async def test_one_callers_waiting_does_not_keep_another_waiting(
    api: httpx.AsyncClient, running_stack: Stack, stack: StackFacts
) -> None:
    """Of sixty requests that wait, twenty are held and forty refused; others are answered."""
    running_stack.kill("workspace")
    try:
        job = (await api.post("algorithms/ghz/jobs", json=GHZ)).json()
        path = f"jobs/{job['id']}"
        waiting = [asyncio.create_task(api.get(path, headers=WAIT)) for _ in range(60)]
        ended = asyncio.as_completed(waiting)
        refused = [await next(ended) for _ in range(40)]
        other = access_to(stack, caller=uuid.uuid4().hex)
        async with httpx.AsyncClient(headers=other.headers, timeout=PATIENCE) as client:
            answer = await client.get(f"{other.url}/jobs")
    finally:
        running_stack.start("workspace")

    assert [one.status_code for one in refused] == [429] * 40
    assert answer.status_code == 200
    assert [(await one).status_code for one in ended] == [200] * 20


async def test_functions_of_a_second_region_take_over(
    running_stack: Stack, stack: StackFacts, tmp_path: Path
) -> None:
    """Where nothing listens in the first region, one request fails and the next one is answered."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    addresses = (
        f"--backend=functions=http://127.0.0.1:{port}/api",
        f"--backend=functions-2={stack['functions']['url']}/api",
    )
    values = {"standby-backend": "functions-2"}
    headers = access_to(stack, caller=uuid.uuid4().hex).headers
    with one_more_gateway(running_stack.facts, tmp_path, values, *addresses) as url:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE) as client:
            lost = await client.post("algorithms/ghz/jobs", json=GHZ)
            result = await client.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)

    assert (lost.status_code, lost.headers["retry-after"]) == (503, "1")
    assert lost.json()["code"] == "temporarily-unavailable"
    assert result.json()["status"] == "Succeeded"


async def test_without_a_gateway_a_function_key_opens_the_functions(tmp_path: Path) -> None:
    """For development the functions work alone: with a key, and not without."""
    with Stack(Options(tmp_path, profile=Profile.DIRECT)) as alone:
        access = access_to(alone.facts)
        async with httpx.AsyncClient(headers=access.headers, timeout=PATIENCE) as client:
            result = await client.post(f"{access.url}/algorithms/ghz/jobs", json=GHZ, headers=WAIT)
            assert result.json()["status"] == "Succeeded"
            del client.headers["x-functions-key"]
            for path in ("jobs", "algorithms", "targets", f"jobs/{result.json()['id']}"):
                assert (await client.get(f"{access.url}/{path}")).status_code == 401
