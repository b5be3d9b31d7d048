from __future__ import annotations

import random
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.plan import Phase, ProviderStatus
from qjobs.services.durations import Durations
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted


def followed(durations: Durations, true: float) -> tuple[int, float]:
    """Follow a job that takes *true* seconds; return how often it was polled, and how late."""
    elapsed, polls = 0.0, 0
    while elapsed < true or polls == 0:
        elapsed += schedule.polling_pause(polls, durations.typical("a"))
        polls += 1
    durations.observe("a", true)
    return polls, elapsed - true


@pytest.mark.parametrize("mean", [0.015, 0.2, 0.6])
def test_a_steady_target_is_polled_once_and_soon(mean: float) -> None:
    """Of jobs that differ by a fifth most are over at the first poll, which is not late."""
    durations, chance = Durations(), random.Random(1)
    looks = [followed(durations, mean * chance.uniform(0.8, 1.2)) for _ in range(240)][40:]

    assert sum(polls for polls, _ in looks) / len(looks) < 1.5
    assert sum(late for _, late in looks) / len(looks) < mean / 3


def test_a_rush_is_forgotten_after_some_jobs() -> None:
    """When jobs get quick again, so do the polls."""
    durations = Durations()
    for _ in range(10):
        followed(durations, 1.0)

    for _ in range(12):
        followed(durations, 0.01)

    assert schedule.polling_pause(0, durations.typical("a")) <= 0.03


def test_targets_are_told_apart() -> None:
    """A slow target says nothing of another."""
    durations = Durations()
    durations.observe("slow", 9.0)

    assert (durations.typical("slow"), durations.typical("quick")) == (9.0, 0.0)


@pytest.mark.parametrize(
    ("taken", "polls", "learnt"),
    [
        (5.0, 0, 0.008),  # the clock of the provider, or ours, was set meanwhile
        (-1.0, 1, 0.008),  # likewise: it was not over at the first look
        (0.012, 1, 0.012),
    ],
)
async def test_the_provider_says_how_long_a_job_took(
    services: Services, ports: FakePorts, taken: float, polls: int, learnt: float
) -> None:
    """Its times count, but within what the looks have shown."""
    began = ports.clock.now()
    ended = began + timedelta(seconds=taken)
    ports.provider.ending = ProviderStatus(Phase.SUCCEEDED, accepted=began, ended=ended)
    ports.provider.polls = polls
    await services.dispatch((await accepted(services)).message())
    first, *_ = ports.clock.slept
    ports.clock.slept.clear()

    await services.dispatch((await accepted(services)).message())

    assert first == schedule.polling_pause(0) == 0.008
    assert ports.clock.slept[0] == pytest.approx(schedule.polling_pause(0, learnt))
