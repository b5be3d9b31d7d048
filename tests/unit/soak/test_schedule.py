from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest

from localdev.host.schedule import Schedule
from tools.soak.run import settings_of
from tools.soak.schedule import PERIODS, plan_disturbances
from tools.soak.workload import RECIPES, Wait, plan_jobs

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_repeats_itself(seed: int) -> None:
    """The same seed is the same run: disturbances, jobs, and what callers do about them."""
    assert plan_disturbances(seed, 50, 150) == plan_disturbances(seed, 50, 150)
    assert plan_jobs(seed, 50, 6) == plan_jobs(seed, 50, 6)
    assert plan_jobs(seed, 50, 6) != plan_jobs(seed + 1, 50, 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_short_run_has_every_disturbance(seed: int) -> None:
    """Within the planned seconds each kind happens, and later ones keep their distance."""
    planned = plan_disturbances(seed, 10, 100)

    assert {one.kind for one in planned if one.at < 10} == set(PERIODS)
    assert planned == sorted(planned)
    for kind, (least, most) in PERIODS.items():
        times = [one.at for one in planned if one.kind is kind]
        assert all(least <= later - earlier <= most for earlier, later in pairwise(times))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_slow_machine_is_disturbed_more_rarely(seed: int) -> None:
    """As much more rarely as it is slower, but with everything."""
    planned = plan_disturbances(seed, 500, 1500, slowness=4)

    assert {one.kind for one in planned if one.at < 500} == set(PERIODS)
    for kind, (least, most) in PERIODS.items():
        times = [one.at for one in planned if one.kind is kind]
        assert all(4 * least <= later - earlier <= 4 * most for earlier, later in pairwise(times))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mix_has_every_recipe_and_habit(seed: int) -> None:
    """In 300 jobs there is everything; a slow one is always given up by its caller."""
    jobs = plan_jobs(seed, 300, 6)

    assert Counter(job.label for job in jobs).most_common(1)[0][1] == 1
    assert {job.recipe.name for job in jobs} == {recipe.name for recipe in RECIPES}
    assert {job.wait for job in jobs} == set(Wait)
    assert any(job.twice for job in jobs)
    assert any(job.other_body for job in jobs)
    assert any(job.deadline for job in jobs)
    for job in jobs:
        assert job.key is not None or not (job.twice or job.other_body)
        # Without a key a caller whose response is lost never learns of the job, nor cancels it.
        canceled = job.cancel_after is not None and job.key is not None
        assert not job.recipe.slow or canceled or job.deadline is not None


@pytest.mark.parametrize(
    ("slowness", "every", "stalled"), [(1, 3, 15), (4, 12, 60), (100, 30, 1500)]
)
def test_a_slow_machine_finds_jobs_overdue_later(slowness: int, every: int, stalled: int) -> None:
    """Else it would send again, and so work on, each job that only waits for its turn."""
    settings = settings_of(slowness)

    moment = Schedule(settings["QJOBS_RECONCILE_SCHEDULE"]).following(datetime(2026, 1, 1))  # noqa: DTZ001 - the schedule has no zone
    assert moment.second == every
    assert settings["QJOBS_STALLED_AFTER_SECONDS"] == str(stalled)


def test_another_body_is_another() -> None:
    """It differs from the first one, and is valid like it."""
    job = plan_jobs(1, 1, 6)[0]

    assert job.another_body() != job.body()
    assert job.another_body().keys() == job.body().keys()
