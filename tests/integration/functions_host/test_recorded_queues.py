"""Queue listeners as Microsoft's own library runs them, in virtual time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate, groupby
from typing import Any

import pytest

from localdev.host.configuration import QueueOptions
from localdev.host.polling import next_poll
from tests.integration.functions_host.memory_queues import Event
from tests.integration.functions_host.queue_replay import played
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    content,
    judge,
)

FILE = "queues.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

_STOPS = {"unhandled exception; the host begins to stop", "process died of an unhandled exception"}
_COMPARED = {"start", "end", "update", "delete", "put", "create queue", "stops"}
_TRIED = {"delete", "put"}
_DEFAULTS = {"maxPollingInterval": "00:01:00"}
_LONGEST_PAUSE = 12.8
"""Seconds between two tries of the storage client."""
_SLACK = 700
"""Milliseconds that a first invocation took there, and a request to storage."""


def _of_listeners() -> list[str]:
    others = "batches/one-core-default-threshold"
    return [name for name in cases(FILE) if name != others and not name.startswith("timers/")]


@pytest.mark.parametrize("name", _of_listeners())
def test_a_case(name: str, record_property: Record) -> None:
    """What happens to messages is as recorded, or the list of differences says why not."""
    judge(FILE, name, list(_differences(cases(FILE)[name])), record_property)


def test_the_threshold_on_one_processor(
    record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default of newBatchThreshold goes by the number of processors."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    name = "batches/one-core-default-threshold"
    recorded = cases(FILE)[name]["options"]["newBatchThreshold"]
    ours = QueueOptions.model_validate({}).new_batch_threshold
    judge(FILE, name, ours != recorded, record_property)


def _differences(case: Case) -> Iterator[object]:
    observed = case["observed"]
    about_ours = case["section"] not in {"retry", "singletons"}
    if not about_ours or not any(observed.get(each) for each in ("waits", "events", "received")):
        yield "there is nothing to compare"
        return
    options = QueueOptions.model_validate(_DEFAULTS | case["options"])
    longest = options.max_polling_interval
    for waits in observed.get("waits", {}).values():
        yield from _unlike_waits(waits, longest)
    ours = played(case)
    yield from _unlike_gets(observed.get("gets", {}), ours)
    if "events" in observed:
        slack = longest + (_LONGEST_PAUSE if case["section"] == "outages" else 0)
        yield from _unlike_events(observed["events"], ours, slack, drains="handler" in case)
        yield from _unlike_metadata(observed["events"], ours)
    if "received" in observed:
        yield from _unlike_batches(observed, ours, options.new_batch_threshold)


def _unlike_batches(
    observed: dict[str, Any], ours: list[Event], most_besides: int
) -> Iterator[object]:
    """Yield counts that differ: of messages received, and of functions at once."""
    received = [len(each["got"]) for each in ours if each["do"] == "get" and each["got"]]
    counts = [each["count"] for each in observed["received"]]
    if received != counts:
        yield "received", received, "recorded", counts
    at_once = list(accumulate({"start": 1, "end": -1}.get(each["do"], 0) for each in ours))
    # What ends during a request there ends after it here.
    hosts = 2 if observed["mostAtOnce"] > max(counts) + most_besides else 1
    if not observed["mostAtOnce"] <= max(at_once) <= hosts * (max(counts) + most_besides):
        yield "at once", max(at_once), "recorded", observed["mostAtOnce"]


def _unlike_metadata(recorded: list[Event], ours: list[Event]) -> Iterator[object]:
    names = [sorted(each["metadata"]) for each in recorded if "metadata" in each]
    mine = [each["metadata"] for each in ours if each["do"] == "start"]
    if names and names != mine:
        yield "metadata", mine, "recorded", names


def _unlike_waits(waits: list[int], longest: float) -> Iterator[object]:
    empty = 0
    for wait in waits:
        empty = 1 if wait == 100 and longest > 0.1 else empty + 1
        least, most = (next_poll(empty, longest, chance) * 1000 for chance in (0, 1))
        if not least - 1 <= wait <= most + 1:
            yield "pause", empty, wait, (least, most)


def _unlike_gets(gets: dict[str, int], ours: list[Event]) -> Iterator[object]:
    for event in ours:
        if event["do"] == "get" and gets:
            asked = {"asked": event["asked"], "hide": event["hide"]}
            if asked != gets:
                yield asked, gets


def _unlike_events(
    recorded: list[Event], ours: list[Event], slack: float, *, drains: bool
) -> Iterator[object]:
    theirs = [each for each in map(_brief, recorded) if each]
    mine = [each for each in map(_brief, ours) if each]
    # What follows the last of several deliveries has waited for a pause of the listener in each.
    deliveries = max((each.get("dequeue", 1) for each in recorded), default=1)
    for name in sorted({each[0] for each in (*theirs, *mine)}):
        there = _tries_joined([each[1:] for each in theirs if each[0] == name])
        here = _tries_joined([each[1:] for each in mine if each[0] == name])
        if not drains and name != "host" and any(each[0] == "host" for each in theirs):
            here = here[: len(there)]  # the process died there, and ours goes on to the end
        if [each[1:] for each in here] != [each[1:] for each in there]:
            yield name, here, "recorded", there
            continue
        most = _SLACK + slack * 1000 * max(deliveries, len(there))
        for mine_at, their_at in zip(here, there, strict=True):
            if abs(mine_at[0] - their_at[0]) > most:
                yield name, mine_at, "recorded", their_at


def _brief(event: Event) -> tuple[Any, ...] | None:
    """Return whom an event is about, when it was, and what."""
    do = "stops" if event["do"] in _STOPS else event["do"]
    if do not in _COMPARED or "by" in event:
        return None
    facts: dict[str, tuple[Any, ...]] = {
        "start": (event.get("dequeue", 1),),
        "end": (bool(event.get("threw")),),
        "update": (event.get("hide"), event.get("status", 0)),
        "delete": (event.get("status", 0),),
        "put": (event.get("text"), event.get("status", 0)),
    }
    whom = event.get("queue", "host") if do in {"put", "create queue"} else event.get("m", "host")
    return whom, event["t"], do, *facts.get(do, ())


def _tries_joined(events: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Leave one of the tries that the storage client made for a request: the last."""
    if events and events[0][1] == "stops":
        return events[:1]  # other failures on the way to the end are no end of their own
    tries = groupby(events, key=lambda each: each[1:2] if each[1] in _TRIED else each[1:])
    return [list(same)[-1] for _, same in tries]


def _option_values() -> list[dict[str, Any]]:
    return list(content(FILE).get("optionValues", {"values": []})["values"])


@pytest.mark.parametrize(
    "value", _option_values(), ids=lambda value: f"{value['option']}={value['value']}"
)
def test_an_option(
    value: dict[str, Any], record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option has the value that it has there, or stops the start as it does there."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)  # as there
    name, text, taken = value["option"], value["value"], value["taken"]
    judge(
        FILE,
        f"options/{name}={text}",
        list(_unlike_option(name, text, taken, value)),
        record_property,
    )


def _unlike_option(
    name: str, text: str, taken: str | None, value: Mapping[str, Any]
) -> Iterator[object]:
    is_text = name in {"visibilityTimeout", "messageEncoding", "maxPollingInterval"}
    given = text if is_text or not re.fullmatch(r"-?\d+", text) else int(text)
    try:
        options = QueueOptions.model_validate({name: given})
    except ValueError:
        if taken is not None:
            yield "refused", taken
        return
    if taken is None:
        yield "taken"
    elif taken != "ignored":
        wanted = QueueOptions.model_validate({name: taken if is_text else int(taken)})
        if options != wanted:
            yield options, wanted
    threshold = value.get("newBatchThreshold", options.new_batch_threshold)
    if options.new_batch_threshold != threshold:
        yield options.new_batch_threshold, threshold
