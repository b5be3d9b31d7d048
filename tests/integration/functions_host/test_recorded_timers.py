"""Timers as the real Functions host runs them, in virtual time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    judge,
)
from tests.integration.functions_host.timer_replay import Monitor, TimerReplay

FILE = "timers.json"
QUEUES = "queues.json"
MINUTELY = "0 * * * * *"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

type Runs = list[tuple[datetime, dict[str, Any]]]


@pytest.mark.parametrize("name", cases(FILE))
def test_a_timer(name: str, record_property: Record) -> None:
    """A timer runs when it did there, and is told the same, or the list says why not."""
    judge(FILE, name, list(_differences(cases(FILE)[name])), record_property)


def _differences(case: Case) -> Iterator[object]:
    if case["id"].endswith("down-over-two-times"):
        runs, monitor = _over_downtime()
        # The host ran once and was killed; nothing happens while it is down.
        if len(runs) != 2 or monitor.status is None:
            yield runs
        return
    if not case.get("runs"):
        yield "there is nothing to compare"
        return
    recorded = [_recorded(each) for each in case["runs"]]
    if case["id"].endswith("started-again"):
        runs, monitor = _over_downtime()
        runs = runs[1:]
    else:
        settings = case["settings"]
        replay = TimerReplay(
            settings.get("APP_TIMER", "0 0 0 1 1 *"),
            takes=float(settings.get("APP_TIMER_SLEEP", 0)),
            fails="APP_TIMER_FAIL" in settings,
            on_startup="APP_RUN_ON_STARTUP" in settings,
        )
        start = recorded[0][0] - timedelta(seconds=4)
        if replay.on_startup:
            start = recorded[0][0]
        replay.play(start, (recorded[-1][0] - start).total_seconds() + 1)
        runs, monitor = replay.runs, replay.monitor
    yield from _unlike_runs(runs, recorded)
    for blob in case["storage"]:
        if blob["blob"].startswith("timers/"):
            yield from _unlike_status(monitor, json.loads(blob["content"]))


def _over_downtime() -> tuple[Runs, Monitor]:
    """Run a timer of a minute, let two times pass without a host, and run it again."""
    replay = TimerReplay(MINUTELY)
    replay.play(datetime(2026, 11, 29, 0, 2, 30, tzinfo=UTC), 40)
    replay.play(datetime(2026, 11, 29, 0, 5, 8, tzinfo=UTC), 2)
    return replay.runs, replay.monitor


def _recorded(run: dict[str, Any]) -> tuple[datetime, dict[str, Any]]:
    moment = datetime.fromisoformat(f"2026-11-29T{run['clock']}+00:00")
    told = {
        "IsPastDue": run["pastDue"],
        "Schedule": run["schedule"],
        "ScheduleStatus": run["scheduleStatus"] or None,
    }
    return moment, told


def _unlike_runs(runs: Runs, recorded: Runs) -> Iterator[object]:
    if len(runs) != len(recorded):
        yield [moment for moment, _ in runs], "recorded", [moment for moment, _ in recorded]
        return
    for (moment, told), (there, told_there) in zip(runs, recorded, strict=True):
        if abs(moment - there) > timedelta(seconds=1):
            yield moment, "recorded", there
        if _rounded(told) != _rounded(told_there):
            yield told, "recorded", told_there


def _unlike_status(monitor: Monitor, recorded: dict[str, str]) -> Iterator[object]:
    ours = monitor.status and monitor.status.document()
    if _rounded({"ScheduleStatus": ours}) != _rounded({"ScheduleStatus": recorded}):
        yield ours, "recorded", recorded


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    """Leave the minute of each time: a run begins a little later than its second."""
    status = told["ScheduleStatus"]
    return told | {"ScheduleStatus": status and {n: v[:16] for n, v in status.items()}}


def _of_library() -> list[str]:
    return [name for name in cases(QUEUES) if name.startswith("timers/")]


@pytest.mark.parametrize("name", _of_library())
def test_a_timer_of_the_library(name: str, record_property: Record) -> None:
    """A timer runs as that of Microsoft's library does, or the list says why not."""
    judge(QUEUES, name, list(_unlike_library(cases(QUEUES)[name])), record_property)


def _unlike_library(case: Case) -> Iterator[object]:
    events = case["observed"]["events"]
    hosts = {event["host"] for event in events if event["do"] == "start"}
    started = [event for event in events if event["do"] == "start"]
    minutely = case["name"] in {"timer-run-on-startup", "timer-past-due"}
    first = datetime(2026, 11, 28, 23, 44, tzinfo=UTC)
    zero = first - timedelta(milliseconds=started[0]["t"])
    if case["name"] == "timer-run-on-startup":
        zero = datetime(2026, 11, 28, 23, 43, 30, tzinfo=UTC)
    replay = TimerReplay(
        MINUTELY if minutely else "*/5 * * * * *",
        takes=12 if "takes twelve" in case["about"] else 8 if "8 s" in case["about"] else 0,
        fails="throws" in case["about"],
        on_startup="RunOnStartup" in case["about"],
    )
    for host in sorted(hosts):
        own = [event["t"] for event in events if event.get("host") == host]
        begins = 0 if host == "first" else min(own)
        ends = max(*own, begins + 1000)
        replay.play(zero + timedelta(milliseconds=begins), (ends - begins) / 1000)
    recorded = [
        (zero + timedelta(milliseconds=event["t"]), event["timer"])
        for event in events
        if event["do"] == "start"
    ]
    yield from _unlike_runs(replay.runs, recorded)
    ended = [event["t"] for event in events if event["do"] == "process ended"]
    if replay.takes and ended and ended[0] < started[0]["t"] + replay.takes * 1000:
        yield "a stop there does not wait for the function"
