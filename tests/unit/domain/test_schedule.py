from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain import schedule

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """Return the moment *seconds* from now."""
    return NOW + timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=500))
def test_pauses_grow_up_to_a_second(polls: int) -> None:
    """Waiting in place starts with milliseconds and never sleeps longer than a second."""
    for pause in (schedule.polling_pause, schedule.long_poll_pause):
        assert 0 < pause(polls) <= pause(polls + 1) <= 1


def test_the_first_poll_waits_for_what_a_job_usually_takes() -> None:
    """A job that usually takes 200 ms is polled after 200 ms, then in steps from 50 ms."""
    assert [schedule.polling_pause(polls, 0.2) for polls in range(3)] == pytest.approx(
        [0.2, 0.05, 0.075]
    )
    assert schedule.polling_pause(0, 60.0) == 1


def test_a_long_poll_reads_again_ever_more_rarely() -> None:
    """It begins at 50 ms, and each pause is half as long again."""
    assert [schedule.long_poll_pause(reads) for reads in range(3)] == pytest.approx(
        [0.05, 0.075, 0.1125]
    )


@pytest.mark.parametrize(
    ("elapsed", "remaining", "delay"),
    [
        (0, 14400, 2),  # four hours announced: looked at soon all the same
        (60, 14400, 30),  # ever more rarely
        (7200, 7200, 300),  # but every five minutes
        (86400, 97 * 86400, 41904),  # months: every 200th part of them
        (3600, 10, 10),  # when the end is expected
        (3600, 0.5, 1),  # nearly there: at least a second
        (0, 0, 2),  # nothing known
        (4, -60, 2),  # overdue: as if nothing were known
        (10**6, -1, 300),  # never less often than every five minutes
    ],
)
def test_a_step_is_looked_at_by_its_age(elapsed: float, remaining: float, delay: float) -> None:
    """What has run for long is looked at more rarely; what is expected only bounds it."""
    age, ahead = timedelta(seconds=elapsed), timedelta(seconds=remaining)
    assert schedule.next_visit(age, ahead) == pytest.approx(delay)


@given(st.floats(min_value=0, max_value=1e7), st.floats(min_value=-1e7, max_value=1e7))
def test_a_look_is_never_later_than_half_the_age(elapsed: float, remaining: float) -> None:
    """A step that is over is seen within half of the time that it took, or two seconds."""
    delay = schedule.next_visit(timedelta(seconds=elapsed), timedelta(seconds=remaining))
    assert 1 <= delay <= max(2, elapsed / 2 + 1e-6)  # times have microseconds


def test_a_canceled_circuit_is_looked_at_ever_more_rarely() -> None:
    """The first look comes after two seconds, and in the end one an hour."""
    assert [schedule.withdrawal_delay(looks) for looks in (0, 1, 5, 1000)] == [2, 4, 64, 3600]


@pytest.mark.parametrize(
    ("attempt", "asked", "least", "most"),
    [
        (1, None, 0, 2),  # the first failure: soon
        (4, None, 0, 16),  # doubled each time
        (40, None, 0, 300),  # up to five minutes
        (1, 60.0, 60, 62),  # the other side knows better
        (9, 1.0, 1, 301),  # but is not to be hammered
        (1, 30 * 86400.0, 6 * 86400, 6 * 86400),  # as far as a queue can hide a message
    ],
)
def test_retries_back_off(attempt: int, asked: float | None, least: float, most: float) -> None:
    """A retry waits as long as it was asked to, and a random part of twice the time before."""
    random = Random(7)
    delays = [schedule.retry_delay(attempt, asked, random) for _ in range(200)]

    assert least <= min(delays) <= max(delays) <= most
    assert max(delays) - min(delays) >= 0.9 * (most - least)


def test_the_same_failures_do_not_come_back_at_the_same_moment() -> None:
    """Jobs that failed together are spread, each time anew; one seed gives one sequence."""
    delays = [schedule.retry_delay(9, 60.0, Random(seed)) for seed in range(100)]

    assert len(set(delays)) == 100
    assert delays == [schedule.retry_delay(9, 60.0, Random(seed)) for seed in range(100)]


def test_a_job_is_tried_for_hours_before_it_is_given_up() -> None:
    """Of a hundred jobs the first is given up after more than two and a half hours of failures."""
    tried = [
        sum(
            schedule.retry_delay(attempt, None, random)
            for attempt in range(1, schedule.RETRY_ATTEMPTS + 1)
        )
        for random in map(Random, range(100))
    ]

    assert min(tried) > 2.5 * 3600
    assert sum(tried) / len(tried) == pytest.approx(3.5 * 3600, rel=0.05)


@pytest.mark.parametrize(
    ("elapsed", "remaining", "seconds"),
    [
        (None, None, 1),  # not placed yet
        (0, 14400, 2),  # just placed at a device that announces four hours
        (100, 14400, 50),
        (5000, 7200, 300),
        (5000, 42.7, 42),
        (60, -5, 30),
        (0.1, 0.2, 1),
    ],
)
def test_callers_are_told_when_the_service_looks_itself(
    elapsed: float | None, remaining: float | None, seconds: int
) -> None:
    """Retry-After follows the age of the step and its expected end, between 1 and 300 seconds."""
    age, ahead = (None if one is None else timedelta(seconds=one) for one in (elapsed, remaining))
    assert schedule.retry_after(age, ahead) == seconds
