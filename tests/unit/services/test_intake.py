"""The bound of submissions at the same time."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from emulator_support.patience import async_tries
from qjobs.domain.errors import TransientError
from qjobs.services import intake as module
from qjobs.services.intake import LINE_OF_OWNER, MOST, MOST_OF_OWNER, Intake


async def test_one_submission_too_many_is_told_to_come_back() -> None:
    """Where too many wait it is refused at once; a place that gets free is the next one's."""
    intake, entered = Intake(), list[int]()
    go_on = asyncio.Event()

    async def submit(number: int) -> None:
        async with intake("busy"):
            entered.append(number)
            await go_on.wait()

    tasks = [asyncio.create_task(submit(one)) for one in range(MOST_OF_OWNER + LINE_OF_OWNER)]
    async for _ in async_tries(0.005):
        if len(entered) == MOST_OF_OWNER:
            break
    with pytest.raises(TransientError) as refused:
        await submit(-1)
    assert refused.value.retry_after == 1

    go_on.set()
    await asyncio.gather(*tasks)
    assert sorted(entered) == list(range(MOST_OF_OWNER + LINE_OF_OWNER))
    assert intake == Intake()


async def test_whoever_waits_too_long_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The line is left then, and nothing is kept of its caller."""
    monkeypatch.setattr(module, "LONGEST_TURN", 0.0)
    intake = Intake()
    async with AsyncExitStack() as held:
        for _ in range(MOST_OF_OWNER):
            await held.enter_async_context(intake("busy"))
        with pytest.raises(TransientError):
            await held.enter_async_context(intake("busy"))

    assert intake == Intake()


async def test_a_burst_of_one_caller_refuses_nobody_else() -> None:
    """There are places that one caller cannot take, until several callers have all of them."""
    intake = Intake()
    async with AsyncExitStack() as held:
        for _ in range(MOST_OF_OWNER):
            await held.enter_async_context(intake("busy"))
        for number in range(MOST - MOST_OF_OWNER):
            await held.enter_async_context(intake(f"other {number}"))


async def test_a_submission_that_is_refused_for_another_reason_frees_its_place() -> None:
    """A bad request takes no place for ever, and nothing is kept of its caller."""
    intake = Intake()
    for _ in range(2 * MOST):
        with pytest.raises(ZeroDivisionError):
            async with intake("owner"):
                raise ZeroDivisionError

    assert intake == Intake()
