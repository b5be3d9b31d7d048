"""Timers: one run at a time, at the times of a schedule."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.schedule import Schedule
from localdev.host.timers import Timer
from localdev.host.worker import InvocationError

EVERY_SECOND = Schedule("* * * * * *")
NEVER_IN_A_TEST = Schedule("0 0 0 29 2 *")


@dataclass
class Runs:
    """A function that records its runs and fails as often as told."""

    failures: int = 0
    values: list[dict[str, Any]] = field(default_factory=list)
    running: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_end.set()

    async def __call__(self, value: Datum) -> None:
        """Run once."""
        assert value.type == "json"
        assert self.running == 0, "two runs at once"
        self.values.append(json.loads(value.value))
        self.running += 1
        self.began.set()
        await self.may_end.wait()
        self.running -= 1
        if len(self.values) <= self.failures:
            raise InvocationError


async def test_a_timer_runs_when_it_is_time() -> None:
    """A timer runs at the times of its schedule until it is stopped."""
    runs = Runs()
    timer = Timer("tick", EVERY_SECOND, runs)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), 10)
    timer.stop()

    await asyncio.wait_for(keeping, 10)
    assert len(runs.values) == 1


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
    assert len(runs.values) == 2


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
    assert (runs.running, len(runs.values)) == (0, 1)


async def test_a_failure_is_left_to_the_next_time() -> None:
    """A run that fails ends neither the timer nor the host, and is not repeated."""
    runs = Runs(failures=1)
    timer = Timer("tick", NEVER_IN_A_TEST, runs)

    await timer.once()
    assert len(runs.values) == 1

    await timer.once()
    assert len(runs.values) == 2
