from __future__ import annotations

from qjobs.domain import schedule
from qjobs.services.durations import Durations


def polls_of(durations: Durations, true: float) -> int:
    """Follow a job that takes *true* seconds, and return how often it was polled."""
    elapsed, polls = 0.0, 0
    while elapsed < true or polls == 0:
        elapsed += schedule.polling_pause(polls, durations.typical("a"))
        polls += 1
    durations.observe("a", elapsed, polls)
    return polls


def test_a_steady_target_is_polled_about_twice() -> None:
    """Jobs that all take the same time need two or three polls each, whatever that time is."""
    for true in (0.03, 0.2, 0.6):
        durations = Durations()
        polls = [polls_of(durations, true) for _ in range(50)]

        assert sum(polls[10:]) / 40 <= 3


def test_a_rush_is_forgotten_after_a_few_jobs() -> None:
    """When jobs get quick again, so do the polls."""
    durations = Durations()
    for _ in range(10):
        polls_of(durations, 1.0)

    for _ in range(5):
        polls_of(durations, 0.01)

    assert schedule.polling_pause(0, durations.typical("a")) <= 0.03


def test_targets_are_told_apart() -> None:
    """A slow target says nothing of another."""
    durations = Durations()
    durations.observe("slow", 9.0, 3)

    assert (durations.typical("slow"), durations.typical("quick")) == (9.0, 0.0)
