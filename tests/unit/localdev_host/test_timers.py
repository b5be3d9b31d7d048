"""Timers: one run at a time, with the retries they ask for."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localdev.host.retry import RetryPolicy
from localdev.host.schedule import Schedule
from localdev.host.timers import Timer
from localdev.host.worker import InvocationError

if TYPE_CHECKING:
    from azure_functions_runtime.bindings.datumdef import Datum

EVERY_SECOND = Schedule("* * * * * *")
NEVER_IN_A_TEST = Schedule("0 0 0 29 2 *")


@dataclass
class Runs:
    """A function that records its runs and fails as often as told."""

    failures: int = 0
    values: list[dict[str, Any]] = field(default_factory=list)
    retries: list[int] = field(default_factory=list)
    running: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_end.set()

    async def __call__(self, value: Datum, retries: int) -> None:
        """Run once."""
        assert value.type == "json"
        assert self.running == 0, "two runs at once"
        self.values.append(json.loads(value.value))
        self.retries.append(retries)
        self.running += 1
        self.began.set()
        await self.may_end.wait()
        self.running -= 1
        if len(self.retries) <= self.failures:
            raise InvocationError


async def test_a_timer_runs_when_it_is_time() -> None:
    """A timer runs at the times of its schedule until it is stopped."""
    runs = Runs()
    timer = Timer("tick", EVERY_SECOND, runs)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), 10)
    timer.stop()

    await asyncio.wait_for(keeping, 10)
    assert runs.retries == [0]


async def test_what_a_run_is_told() -> None:
    """A run is told when the last one was and when the next will be."""
    runs = Runs()
    timer = Timer("tick", NEVER_IN_A_TEST, runs)

    await timer.once()
    await timer.once()

    first, second = runs.values
    assert first["IsPastDue"] is False
    assert first["ScheduleStatus"]["Last"] < second["ScheduleStatus"]["Last"]
    assert second["ScheduleStatus"]["Next"].endswith("02-29T00:00:00+00:00")


async def test_a_run_at_start() -> None:
    """A timer that runs on startup does not wait for its time."""
    runs = Runs()
    timer = Timer("tick", NEVER_IN_A_TEST, runs, on_startup=True)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), 10)
    timer.stop()

    await asyncio.wait_for(keeping, 10)


async def test_runs_do_not_overlap() -> None:
    """A run by hand waits for the one under way."""
    runs = Runs()
    runs.may_end.clear()
    timer = Timer("tick", NEVER_IN_A_TEST, runs)
    both = asyncio.gather(timer.once(), timer.once())

    await asyncio.wait_for(runs.began.wait(), 10)
    runs.may_end.set()

    await asyncio.wait_for(both, 10)
    assert runs.retries == [0, 0]


async def test_a_stop_waits_for_a_run() -> None:
    """A stop lets the run under way end, and starts no other."""
    runs = Runs()
    runs.may_end.clear()
    timer = Timer("tick", EVERY_SECOND, runs)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), 10)
    timer.stop()
    assert not keeping.done()
    runs.may_end.set()

    await asyncio.wait_for(keeping, 10)
    assert (runs.running, runs.retries) == (0, [0])


async def test_retries() -> None:
    """A failed run is repeated as its policy says, and told how often it has failed."""
    runs = Runs(failures=2)

    await Timer("tick", NEVER_IN_A_TEST, runs, retry=RetryPolicy(most=5)).once()

    assert runs.retries == [0, 1, 2]


async def test_retries_end() -> None:
    """After the last retry, or without a policy after the first failure, the timer goes on."""
    unlucky, alone = Runs(failures=9), Runs(failures=9)

    await Timer("tick", NEVER_IN_A_TEST, unlucky, retry=RetryPolicy(most=2)).once()
    await Timer("tick", NEVER_IN_A_TEST, alone).once()

    assert unlucky.retries == [0, 1, 2]
    assert alone.retries == [0]


async def test_a_stop_ends_the_pause_before_a_retry() -> None:
    """A host that stops does not wait for retries to come."""
    runs = Runs(failures=9)
    timer = Timer("tick", NEVER_IN_A_TEST, runs, retry=RetryPolicy(5, 600, 600))
    once = asyncio.create_task(timer.once())

    await asyncio.wait_for(runs.began.wait(), 10)
    timer.stop()

    await asyncio.wait_for(once, 10)
    assert runs.retries == [0]
