from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qjobs.domain.heartbeat import (
    FUNCTIONS,
    HOP_DELAY,
    INTERVAL,
    MOST_HOPS,
    NOT_RUNNING_AFTER,
    REMOVED_AFTER,
    WORKERS,
    Heartbeat,
    LastBeat,
    not_running,
    of_deployment,
    read_message,
)
from qjobs.domain.messages import Message, Queue

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def beat(ago: timedelta, region: str = "eastus", function: str = "track") -> LastBeat:
    """Return the beat of some time ago."""
    return LastBeat(region, function, NOW - ago)


@given(
    some.sampled_from(Queue), some.from_regex(r"[a-z0-9-]+", fullmatch=True), some.integers(0, 99)
)
def test_a_heartbeat_is_read_as_it_was_written(queue: Queue, region: str, hops: int) -> None:
    """What is queued is ASCII, and no message of a job."""
    sent = Heartbeat(queue, region, hops)
    text = sent.encode()

    assert text.isascii()
    assert Heartbeat.decode(text) == read_message(text, Message.decode) == sent
    with pytest.raises(ValueError, match="heartbeat"):
        Message.decode(text)


@given(some.sampled_from(Queue), some.text(), some.text(), some.integers(), some.integers(0))
def test_the_message_of_a_job_is_no_heartbeat(
    queue: Queue, owner: str, job_id: str, step: int, attempt: int
) -> None:
    """Whatever it says."""
    sent = Message(queue, owner, job_id, step, attempt)

    assert read_message(sent.encode(), Message.decode) == sent
    with pytest.raises(ValueError, match="not a heartbeat"):
        Heartbeat.decode(sent.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"version": 2, "kind": "heartbeat", "queue": "qjobs-track", "region": "eastus"}',
        '{"version": 1, "kind": "heartbeat"}',
        '{"version": 1, "kind": "heartbeat", "queue": "another", "region": "eastus"}',
        '{"version": 1, "kind": "heartbeat", "queue": "qjobs-track"}',
        '{"version": 1, "kind": "heartbeat", "queue": "qjobs-track", "region": "a", "x": 1}',
        '{"version": 1, "kind": "qjobs-track"}',
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """The host counts it as failed, and moves it to the poison queue in the end."""
    with pytest.raises(ValueError, match=r"."):
        read_message(text, Message.decode)
    with pytest.raises(ValueError, match=r"."):
        Heartbeat.decode(text)


def test_every_queue_has_a_function() -> None:
    """A heartbeat of each queue is one function's, and each function has one source of beats."""
    assert set(WORKERS) == set(Queue)
    assert len(set(FUNCTIONS)) == len(FUNCTIONS) == len(WORKERS) + 1


def test_a_function_may_miss_a_heartbeat() -> None:
    """One that is lost, and one that hops until the end, are no reason for an alert."""
    assert 2 * INTERVAL + timedelta(seconds=MOST_HOPS * HOP_DELAY) < NOT_RUNNING_AFTER


@pytest.mark.parametrize(
    ("ago", "runs"),
    [
        (-SECOND, True),  # the clocks of two machines
        (timedelta(0), True),
        (NOT_RUNNING_AFTER, True),
        (NOT_RUNNING_AFTER + SECOND, False),
        (timedelta(days=9), False),
    ],
)
def test_a_function_runs_until_it_has_not_for_long(ago: timedelta, *, runs: bool) -> None:
    """Half an hour is still well."""
    last = beat(ago)

    assert not_running([last], NOW) == ([] if runs else [last])


def test_a_region_that_shows_nothing_for_a_day_was_removed() -> None:
    """All of it: one function that still ran keeps the others expected."""
    old, older = REMOVED_AFTER + SECOND, REMOVED_AFTER + timedelta(days=30)
    removed = [beat(old, "westus", "dispatch"), beat(older, "westus", "track")]
    broken = [beat(SECOND, "eastus", "dispatch"), beat(older, "eastus", "track")]
    quiet = [beat(REMOVED_AFTER, "northeurope", "dispatch")]

    assert of_deployment([*removed, *broken, *quiet], "own", NOW) == [*broken, *quiet]


def test_the_own_region_was_not_removed() -> None:
    """Whoever asks is there: what has not run for days is missed, not forgotten."""
    last = beat(REMOVED_AFTER * 3, "eastus")

    assert of_deployment([last], "eastus", NOW) == [last]
    assert of_deployment([last], "westus", NOW) == []
    assert of_deployment([], "eastus", NOW) == []
