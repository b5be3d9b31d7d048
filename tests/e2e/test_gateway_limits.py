"""Limits of a caller: requests, shots, and requests that wait."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from localdev.stack.stack import Stack
from tests.e2e.gateways import one_more_gateway
from tests.openapi import check_response

pytestmark = pytest.mark.one_stack

GHZ = {"input": {"qubits": 3}, "shots": 200}
WAIT = {"prefer": "wait=30"}
LIMITS = {
    "submits-per-minute": "30",
    "polls-per-minute": "60",
    "shots-per-five-minutes": "1000",
}


@pytest.fixture(scope="module")
def strict(running_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one more gateway, with low limits; yields its address."""
    with one_more_gateway(running_stack.facts, tmp_path_factory.mktemp("strict"), LIMITS) as url:
        yield url


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
