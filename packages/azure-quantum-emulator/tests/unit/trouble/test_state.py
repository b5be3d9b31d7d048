"""Time and trouble as a workspace asks about them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from azure_quantum_emulator.trouble.clock import SECOND
from azure_quantum_emulator.trouble.state import Trouble
from azure_quantum_emulator.trouble.validation import SettingsError

CHANCE = {
    "seed": 4,
    "queueDelay": {"distribution": "lognormal", "median": "2h", "sigma": 1},
    "jobFaults": [{"probability": 0.5, "code": "E"}],
    "faults": [{"probability": 0.5, "status": 503}],
}


def history(trouble: Trouble) -> list[object]:
    """Return what happens to some jobs and requests in turn."""
    return [
        (
            trouble.queue_delay("t"),
            trouble.job_fault("t", "n") is None,
            trouble.request_fault("jobs.get", "GET", None) is None,
        )
        for _ in range(30)
    ]


def counts(trouble: Trouble) -> tuple[int, int]:
    """Return how often the first fault of either kind hit."""
    return trouble.faults.to_json()[0]["hits"], trouble.job_faults.to_json()[0]["hits"]


def test_without_settings_there_is_no_trouble() -> None:
    """Nobody waits and nothing happens."""
    trouble = Trouble.from_json({})
    assert trouble.queue_delay("t") == trouble.execution_time("t") == 0
    assert trouble.is_available("t")
    assert trouble.job_fault("t", "n") is None
    assert trouble.request_fault("jobs.get", "GET", None) is None
    assert trouble.session_timeout == 600 * SECOND
    assert trouble.target_states() == {}


def test_a_target_may_have_its_own_times() -> None:
    """Where it says nothing, what is said of all counts; no delay is a delay too."""
    trouble = Trouble.from_json(
        {
            "queueDelay": "20m",
            "executionTime": "3s",
            "targets": {"a": {"queueDelay": "2h"}, "b": {"queueDelay": 0}},
        }
    )
    delays = [trouble.queue_delay(target) // SECOND for target in "abc"]
    assert delays == [7200, 0, 1200]
    assert [trouble.execution_time(target) // SECOND for target in "abc"] == [3, 3, 3]


def test_lifetimes() -> None:
    """In the units in which they are used."""
    trouble = Trouble.from_json({"sasLifetime": "1h", "sessionTimeout": "250ms"})
    assert trouble.sas_lifetime == timedelta(hours=1)
    assert trouble.session_timeout == SECOND // 4


def test_what_targets_report() -> None:
    """It has nothing to do with how long their jobs wait."""
    trouble = Trouble.from_json(
        {"targets": {"a": {"availability": "Degraded", "averageQueueTime": "13d"}}}
    )
    state = trouble.target_states()["a"]
    assert (state.availability, state.average_queue_time) == ("Degraded", 13 * 86_400)
    assert trouble.is_available("a")
    assert trouble.queue_delay("a") == 0


def test_a_reset_repeats_the_run_exactly() -> None:
    """Chance, counts, quotas and settings are as they were at the start."""
    trouble = Trouble.from_json(
        CHANCE | {"quotas": [{"dimension": "d", "providerId": "p", "limit": 1}]}
    )
    before = trouble.settings
    first = history(trouble)
    assert history(trouble) != first
    trouble.quotas.exhaust("p", "d")
    trouble.patch({"seed": 9, "sessionTimeout": 1, "faults": []})
    trouble.clock.advance(1000)
    trouble.reset()
    assert trouble.settings == before
    assert trouble.clock.advanced_by == 0
    assert history(trouble) == first


def test_the_seed_decides() -> None:
    """Another seed is another run."""
    assert history(Trouble.from_json(CHANCE)) != history(Trouble.from_json(CHANCE | {"seed": 5}))


def test_a_patch_leaves_the_rest_as_it_is() -> None:
    """Counts go on, and so does what is left to chance."""
    trouble, undisturbed = Trouble.from_json(CHANCE), Trouble.from_json(CHANCE)
    history(trouble)
    before = counts(trouble)
    history(undisturbed)
    trouble.patch({"sessionTimeout": "1h"})
    assert counts(trouble) == before
    assert history(trouble) == history(undisturbed)


def test_a_patch_of_faults_begins_their_counts_anew() -> None:
    """The other kind's counts go on."""
    trouble = Trouble.from_json(CHANCE)
    history(trouble)
    requests, jobs = counts(trouble)
    assert requests > 0
    trouble.patch({"faults": [{"status": 500}]})
    assert counts(trouble) == (0, jobs)


def test_replacing_begins_everything_anew() -> None:
    """Even with the same settings."""
    trouble = Trouble.from_json(CHANCE)
    first = history(trouble)
    trouble.replace(trouble.settings)
    assert counts(trouble) == (0, 0)
    assert history(trouble) == first


def test_quotas_show_what_is_used() -> None:
    """A patch of something else takes nothing of it back."""
    trouble = Trouble.from_json(
        {"quotas": [{"dimension": "d", "providerId": "p", "limit": 9, "period": "None"}]}
    )
    trouble.quotas.use("p", "d", 3)
    trouble.patch({"seed": 1})
    assert trouble.settings.to_json()["quotas"][0]["utilization"] == 3


def test_settings_may_name_only_targets_there_are() -> None:
    """If it is known which there are; nothing has changed after a refusal."""
    trouble = Trouble.from_json({"seed": 3}, targets=["ionq.simulator"])
    with pytest.raises(SettingsError, match=r"/targets/ionq.sim: .* there are ionq.simulator"):
        trouble.patch({"seed": 8, "targets": {"ionq.sim": {}}})
    with pytest.raises(SettingsError, match="no such target"):
        Trouble.from_json({"targets": {"ionq.sim": {}}}, targets=["ionq.simulator"])
    assert trouble.settings.seed == 3


async def test_jobs_of_an_unavailable_target_wait_until_it_is_available() -> None:
    """Whoever came first goes on first; other targets do not care."""
    trouble = Trouble.from_json({"targets": {"a": {"availability": "Unavailable"}}})
    passed: list[int] = []

    async def job(number: int) -> None:
        await trouble.until_available("a")
        passed.append(number)

    tasks = [asyncio.create_task(job(number)) for number in range(100)]
    await trouble.until_available("b")
    trouble.patch({"targets": {"b": {"availability": "Unavailable"}}})
    for _ in range(5):
        await asyncio.sleep(0)
    assert passed == []
    assert not trouble.is_available("a")
    trouble.patch({"targets": {"a": {"availability": "Degraded"}}})
    await asyncio.gather(*tasks)
    assert passed == list(range(100))


async def test_a_target_may_close_again_before_a_job_goes_on() -> None:
    """The job waits for the next time."""
    trouble = Trouble.from_json({"targets": {"a": {"availability": "Unavailable"}}})
    task = asyncio.create_task(trouble.until_available("a"))
    await asyncio.sleep(0)
    trouble.patch({"targets": {"a": {"availability": "Available"}}})
    trouble.patch({"targets": {"a": {"availability": "Unavailable"}}})
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    trouble.patch({"targets": {"a": None}})
    await task
