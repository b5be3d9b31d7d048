"""How many requests of one caller wait for their answers at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from localdev.gateway.backends import BackendError
from tests.unit.gateway.conftest import Door, opened, problem

MOST = 3
WAIT = {"prefer": "wait=30"}


@pytest.fixture
async def slow() -> AsyncIterator[Door]:
    """Return a gateway before functions that hold answers to requests with a preference."""
    async with opened({"waiting-requests": str(MOST), "polls-per-minute": "600"}) as door:
        door.backend.held = asyncio.Event()
        yield door


def ask(door: Door, count: int, caller: str = "alice") -> list[asyncio.Task[httpx.Response]]:
    """Start requests that wait."""
    return [
        asyncio.create_task(door.ask("GET", "/jobs/1", caller, headers=WAIT)) for _ in range(count)
    ]


async def refused(tasks: list[asyncio.Task[httpx.Response]], left: int) -> list[httpx.Response]:
    """Return the answers of all but those that still wait."""
    done = asyncio.as_completed(tasks)
    return [await next(done) for _ in range(len(tasks) - left)]


async def test_one_caller_waits_for_so_many_answers(slow: Door) -> None:
    """Sixty at once are three that wait and 57 refusals; the others go on as if they were not."""
    assert slow.backend.held is not None
    tasks = ask(slow, 60)

    for answer in await refused(tasks, MOST):
        assert "Prefer" in problem(answer, 429, "too-many-requests")["detail"]
        assert answer.headers["retry-after"] == "5"
    assert (await slow.ask("GET", "/jobs/1", "alice")).status_code == 204
    assert (await slow.ask("GET", "/jobs/1", "bob")).status_code == 204
    of_another = ask(slow, MOST, "bob")

    slow.backend.held.set()
    waited = await asyncio.gather(*tasks, *of_another)
    assert sum(answer.status_code == 204 for answer in waited) == 2 * MOST


async def test_whoever_was_answered_leaves_its_place(slow: Door) -> None:
    """As many again may wait afterwards, however the first ones ended."""
    assert slow.backend.held is not None
    slow.backend.answer = lambda _: BackendError(504, "Timeout", "no")
    slow.backend.held.set()
    await asyncio.gather(*ask(slow, MOST))
    slow.backend.held.clear()

    answers = await refused(ask(slow, MOST + 1), MOST)

    slow.backend.held.set()
    assert [answer.status_code for answer in answers] == [429]


async def test_strangers_wait_by_address(slow: Door) -> None:
    """Where no token is needed, an address is a caller."""
    assert slow.backend.held is not None
    tasks = [
        asyncio.create_task(slow.ask("GET", "/health", None, headers=WAIT)) for _ in range(MOST + 1)
    ]

    answers = await refused(tasks, MOST)

    slow.backend.held.set()
    assert [answer.status_code for answer in answers] == [429]


@pytest.mark.parametrize("consumption", [False, True])
async def test_every_tier_has_the_limit(*, consumption: bool) -> None:
    """The tier without limits by key has this one."""
    async with opened({"waiting-requests": "1"}, consumption=consumption) as door:
        door.backend.held = asyncio.Event()
        answers = await refused(ask(door, 2), 1)
        door.backend.held.set()

    assert [answer.status_code for answer in answers] == [429]
