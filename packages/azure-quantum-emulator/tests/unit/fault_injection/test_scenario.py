"""Simulated time and faults as a workspace asks about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from azure_quantum_emulator.fault_injection.clock import SECOND
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.fault_injection.settings import Settings
from azure_quantum_emulator.json_model import DocumentError

CHANCE = {
    "seed": 4,
    "queueDelay": {"distribution": "lognormal", "median": "2h", "sigma": 1},
    "jobFaults": [{"probability": 0.5, "code": "E"}],
    "faults": [{"probability": 0.5, "status": 503}],
}


def history(scenario: Scenario) -> list[object]:
    """Return what happens to some jobs and requests in turn."""
    return [
        (
            scenario.queue_delay("t"),
            scenario.job_fault("t", "n") is None,
            scenario.request_fault("jobs.get", "GET", None) is None,
        )
        for _ in range(30)
    ]


def counts(scenario: Scenario) -> tuple[int, int]:
    """Return how often the first fault of either kind hit."""
    return scenario.faults.to_json()[0]["hits"], scenario.job_faults.to_json()[0]["hits"]


def test_without_settings_nothing_goes_wrong() -> None:
    """Nobody waits and nothing happens."""
    scenario = Scenario.from_json({})
    assert scenario.queue_delay("t") == scenario.execution_time("t") == 0
    assert scenario.is_available("t")
    assert scenario.job_fault("t", "n") is None
    assert scenario.request_fault("jobs.get", "GET", None) is None
    assert scenario.session_timeout == 600 * SECOND
    assert scenario.target_states() == {}


def test_a_target_may_have_its_own_times() -> None:
    """Where it says nothing, what is said of all counts; no delay is a delay too."""
    scenario = Scenario.from_json(
        {
            "queueDelay": "20m",
            "executionTime": "3s",
            "targets": {"a": {"queueDelay": "2h"}, "b": {"queueDelay": 0}},
        }
    )
    delays = [scenario.queue_delay(target) // SECOND for target in "abc"]
    assert delays == [7200, 0, 1200]
    assert [scenario.execution_time(target) // SECOND for target in "abc"] == [3, 3, 3]


def test_lifetimes() -> None:
    """In the units in which they are used."""
    scenario = Scenario.from_json({"sasLifetime": "1h", "sessionTimeout": "250ms"})
    assert scenario.sas_lifetime == timedelta(hours=1)
    assert scenario.session_timeout == SECOND // 4


def test_what_targets_report() -> None:
    """It has nothing to do with how long their jobs wait."""
    scenario = Scenario.from_json(
        {"targets": {"a": {"availability": "Degraded", "averageQueueTime": "13d"}}}
    )
    state = scenario.target_states()["a"]
    assert (state.availability, state.average_queue_time) == ("Degraded", 13 * 86_400)
    assert scenario.is_available("a")
    assert scenario.queue_delay("a") == 0


def test_a_reset_repeats_the_run_exactly() -> None:
    """Chance, counts, quotas and settings are as they were at the start."""
    scenario = Scenario.from_json(
        CHANCE | {"quotas": [{"dimension": "d", "providerId": "p", "limit": 1}]}
    )
    before = scenario.settings
    first = history(scenario)
    assert history(scenario) != first
    scenario.quotas.exhaust("p", "d")
    scenario.patch({"seed": 9, "sessionTimeout": 1, "faults": []})
    scenario.clock.advance(1000)
    scenario.reset()
    assert scenario.settings == before
    assert scenario.clock.advanced_by == 0
    assert history(scenario) == first


def test_the_seed_decides() -> None:
    """Another seed is another run."""
    assert history(Scenario.from_json(CHANCE)) != history(Scenario.from_json(CHANCE | {"seed": 5}))


def test_a_patch_leaves_the_rest_as_it_is() -> None:
    """Counts go on, and so does what is left to chance."""
    scenario, undisturbed = Scenario.from_json(CHANCE), Scenario.from_json(CHANCE)
    history(scenario)
    before = counts(scenario)
    history(undisturbed)
    scenario.patch({"sessionTimeout": "1h"})
    assert counts(scenario) == before
    assert history(scenario) == history(undisturbed)


def test_a_patch_of_faults_begins_their_counts_anew() -> None:
    """The other kind's counts go on."""
    scenario = Scenario.from_json(CHANCE)
    history(scenario)
    requests, jobs = counts(scenario)
    assert requests > 0
    scenario.patch({"faults": [{"status": 500}]})
    assert counts(scenario) == (0, jobs)


def test_replacing_begins_everything_anew() -> None:
    """Even with the same settings."""
    scenario = Scenario.from_json(CHANCE)
    first = history(scenario)
    scenario.replace(scenario.settings)
    assert counts(scenario) == (0, 0)
    assert history(scenario) == first


def test_quotas_show_what_is_used() -> None:
    """A patch of something else takes nothing of it back."""
    scenario = Scenario.from_json(
        {"quotas": [{"dimension": "d", "providerId": "p", "limit": 9, "period": "None"}]}
    )
    scenario.quotas.use("p", "d", 3)
    scenario.patch({"seed": 1})
    assert scenario.settings.to_json()["quotas"][0]["utilization"] == 3


def test_settings_may_name_only_targets_there_are() -> None:
    """If it is known which there are; nothing has changed after a refusal."""
    scenario = Scenario.from_json({"seed": 3}, targets=["ionq.simulator"])
    with pytest.raises(DocumentError, match=r"/targets/ionq.sim: .* there are ionq.simulator"):
        scenario.patch({"seed": 8, "targets": {"ionq.sim": {}}})
    with pytest.raises(DocumentError, match="no such target"):
        Scenario.from_json({"targets": {"ionq.sim": {}}}, targets=["ionq.simulator"])
    assert scenario.settings.seed == 3


async def test_jobs_of_an_unavailable_target_wait_until_it_is_available() -> None:
    """Whoever came first goes on first; other targets do not care."""
    scenario = Scenario.from_json({"targets": {"a": {"availability": "Unavailable"}}})
    passed: list[int] = []

    async def job(number: int) -> None:
        await scenario.until_available("a")
        passed.append(number)

    tasks = [asyncio.create_task(job(number)) for number in range(100)]
    await scenario.until_available("b")
    scenario.patch({"targets": {"b": {"availability": "Unavailable"}}})
    for _ in range(5):
        await asyncio.sleep(0)
    assert passed == []
    assert not scenario.is_available("a")
    scenario.patch({"targets": {"a": {"availability": "Degraded"}}})
    await asyncio.gather(*tasks)
    assert passed == list(range(100))


async def test_a_target_may_close_again_before_a_job_goes_on() -> None:
    """The job waits for the next time."""
    scenario = Scenario.from_json({"targets": {"a": {"availability": "Unavailable"}}})
    task = asyncio.create_task(scenario.until_available("a"))
    await asyncio.sleep(0)
    scenario.patch({"targets": {"a": {"availability": "Available"}}})
    scenario.patch({"targets": {"a": {"availability": "Unavailable"}}})
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    scenario.patch({"targets": {"a": None}})
    await task


QUOTA = {"dimension": "d", "providerId": "ionq", "limit": 1}


def test_a_workspace_has_quotas_whenever_none_are_set() -> None:
    """At the start, after they are taken away again in any way, and after a reset."""

    def listed(scenario: Scenario) -> list[tuple[str, str]]:
        return [(quota["providerId"], quota["dimension"]) for quota in scenario.quotas.to_json()]

    expected = [("ionq", "qgs"), ("quantinuum", "hqc"), ("quantinuum", "ehqc")]
    scenario = Scenario.from_json({})
    assert listed(scenario) == expected
    ways: list[Callable[[], None]] = [
        lambda: scenario.patch({"quotas": None}),
        lambda: scenario.patch({"quotas": []}),
        lambda: scenario.replace(Settings()),
        scenario.reset,
    ]
    for take_away in ways:
        scenario.patch({"quotas": [QUOTA]})
        assert listed(scenario) == [("ionq", "d")]
        take_away()
        assert listed(scenario) == expected


def test_quotas_that_nobody_set_stop_nobody() -> None:
    """A thousand large jobs leave most of each."""
    scenario = Scenario.from_json({})
    for _ in range(1000):
        scenario.quotas.use("ionq", "qgs", 1000)
        scenario.quotas.use("quantinuum", "ehqc", 100)
    scenario.quotas.check("ionq")
    scenario.quotas.check("quantinuum")
    assert all(one["utilization"] < one["limit"] / 5 for one in scenario.quotas.to_json())
