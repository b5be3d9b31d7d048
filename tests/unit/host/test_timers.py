"""Timers: one run at a time, at the times of a schedule."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from azure_functions_runtime.bindings.datumdef import Datum

from emulator_support.patience import PATIENCE
from localdev.host.schedule import Schedule
from localdev.host.schedule_monitor import NEVER, ScheduleMonitor, Status
from localdev.host.timers import Timer
from localdev.host.worker import InvocationError

EVERY_SECOND = Schedule("* * * * * *")
NEVER_IN_A_TEST = Schedule("0 0 0 29 2 *")
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


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

    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    timer.stop()

    await asyncio.wait_for(keeping, PATIENCE)
    assert len(runs.values) == 1


class Times:
    """A schedule of a few times, and then of none for an hour."""

    def __init__(self, *times: datetime) -> None:
        self._times = times

    def following(self, moment: datetime) -> datetime:
        """Return the time after *moment*."""
        later = (time for time in self._times if time > moment)
        return next(later, datetime.now(UTC) + timedelta(hours=1))


class Monitor:
    """A status that is kept in memory."""

    def __init__(self, status: Status | None = None) -> None:
        self.status = status
        self.written = asyncio.Event()

    async def read(self) -> Status | None:
        """Return the status."""
        return self.status

    async def write(self, status: Status) -> None:
        """Replace it."""
        self.status = status
        self.written.set()


def monitored(runs: Runs, monitor: Monitor, schedule: Schedule = NEVER_IN_A_TEST) -> Timer:
    """Return a timer with a status."""
    return Timer("tick", schedule, runs, cast("ScheduleMonitor", monitor), on_startup=False)


async def kept(timer: Timer, monitor: Monitor) -> None:
    """Keep a timer until it has written a status."""
    keeping = asyncio.create_task(timer.keep())
    await asyncio.wait_for(monitor.written.wait(), PATIENCE)
    timer.stop()
    await asyncio.wait_for(keeping, PATIENCE)


async def test_a_first_start_writes_a_status() -> None:
    """Before its first time a timer has never run, and knows when it will."""
    runs, monitor = Runs(), Monitor()
    await kept(monitored(runs, monitor), monitor)

    assert runs.values == []
    assert monitor.status is not None
    assert monitor.status.last == NEVER
    assert monitor.status.next.isoformat().endswith("02-29T00:00:00+00:00")


async def test_a_time_that_no_host_kept() -> None:
    """A start after a missed time runs the function once, which is told that it is late."""
    missed = Status("2026-11-29T00:03:00+00:00", FRIDAY, "2026-11-29T00:03:00+00:00")
    runs, monitor = Runs(), Monitor(missed)
    await kept(monitored(runs, monitor), monitor)

    assert [value["IsPastDue"] for value in runs.values] == [True]
    assert runs.values[0]["ScheduleStatus"] == missed.document()
    assert monitor.status is not None
    assert monitor.status.last == monitor.status.updated > missed.last
    assert monitor.status.next > datetime.now(UTC)


async def test_a_time_that_a_run_took() -> None:
    """A time that passes while the function runs is made up for by one run at once."""
    first = datetime.now(UTC) + timedelta(milliseconds=10)
    missed = first + timedelta(milliseconds=50)
    runs = Runs()
    runs.may_end.clear()
    timer = Timer("tick", cast("Schedule", Times(first, missed)), runs)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    await asyncio.sleep((missed - datetime.now(UTC)).total_seconds() + 0.01)
    runs.began.clear()
    runs.may_end.set()
    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    timer.stop()

    await asyncio.wait_for(keeping, PATIENCE)
    assert len(runs.values) == 2


async def test_what_a_run_is_told_without_a_status() -> None:
    """A timer of seconds keeps none, and its function is told none."""
    runs = Runs()

    await Timer("tick", EVERY_SECOND, runs).once()

    assert runs.values == [
        {"IsPastDue": False, "Schedule": {"AdjustForDST": True}, "ScheduleStatus": None}
    ]


async def test_a_run_at_start() -> None:
    """A timer that runs on startup does not wait for its time."""
    runs = Runs()
    timer = Timer("tick", NEVER_IN_A_TEST, runs, on_startup=True)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    timer.stop()

    await asyncio.wait_for(keeping, PATIENCE)


async def test_runs_do_not_overlap() -> None:
    """A run by hand waits for the one under way."""
    runs = Runs()
    runs.may_end.clear()
    timer = Timer("tick", NEVER_IN_A_TEST, runs)
    both = asyncio.gather(timer.once(), timer.once())

    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    runs.may_end.set()

    await asyncio.wait_for(both, PATIENCE)
    assert len(runs.values) == 2


async def test_a_stop_waits_for_a_run() -> None:
    """A stop lets the run under way end, and starts no other."""
    runs = Runs()
    runs.may_end.clear()
    timer = Timer("tick", EVERY_SECOND, runs)
    keeping = asyncio.create_task(timer.keep())

    await asyncio.wait_for(runs.began.wait(), PATIENCE)
    timer.stop()
    assert not keeping.done()
    runs.may_end.set()

    await asyncio.wait_for(keeping, PATIENCE)
    assert (runs.running, len(runs.values)) == (0, 1)


async def test_a_failure_is_left_to_the_next_time() -> None:
    """A run that fails ends neither the timer nor the host, and is not repeated."""
    runs = Runs(failures=1)
    timer = Timer("tick", NEVER_IN_A_TEST, runs)

    await timer.once()
    assert len(runs.values) == 1

    await timer.once()
    assert len(runs.values) == 2
