"""The gateway between callers and functions: its cache, methods, a second region, none at all."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from emulator_support.patience import PATIENCE, async_tries
from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack
from tests.e2e.gateways import one_more_gateway
from tests.openapi import check_response

GHZ = {"input": {"qubits": 3}, "shots": 200}
WAIT = {"prefer": "wait=30"}


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
