"""Limits of spending that a deployment sets, for a job and for a caller's day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Finish, Inputs, JSONObject
from qjobs.domain.errors import BudgetExceededError, SpendingLimitError
from qjobs.domain.job import Job
from qjobs.domain.money import Money
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from qjobs.services import submit
from qjobs.settings import SettingError, Settings
from tests.fakes import FakePorts, target
from tests.unit.services.jobs import stored
from tests.unit.services.test_steps import decide, loop

DEVICE = {"id": "ionq.qpu.aria-1"}
"""A small program costs 97.50 USD there."""


def limited(services: Services, job: str | None = None, day: str | None = None) -> Services:
    """Return the services of a deployment with limits."""
    limits = {
        "cost_of_job": Money.of(job) if job else None,
        "cost_of_day": Money.of(day) if day else None,
    }
    return Services(services.ports, replace(services.settings, **limits))  # type: ignore[arg-type]


async def submitted(services: Services, owner: str = "owner", **members: object) -> Job:
    """Return a job of a caller that was accepted."""
    body = {"input": {}, "target": DEVICE, **members}
    return (await services.submit(owner, "bell", body, None)).job


@pytest.mark.parametrize(
    ("limit", "budget", "words"),
    [
        ("97 USD", None, "It costs 97.50 USD; its budget is 97.00 USD."),
        ("97 USD", {"amount": 1000, "currency": "USD"}, "its budget is 97.00 USD."),
        ("97 USD", {"amount": 1000, "currency": "EUR"}, "its budget is 97.00 USD."),
        ("1000 USD", {"amount": 50, "currency": "USD"}, "its budget is 50.00 USD."),
        ("1000 USD", {"shots": 10}, "It takes 1000 shots; its budget is 10."),
        ("1000 EUR", None, "It is paid in USD; its budget is 1000.00 EUR."),
    ],
)
async def test_a_job_beyond_the_limit_is_refused(
    services: Services, limit: str, budget: JSONObject | None, words: str
) -> None:
    """The lower of limit and budget counts; nothing of the caller's budget is lost."""
    with pytest.raises(BudgetExceededError) as refused:
        await submitted(limited(services, job=limit), budget=budget)

    assert words in refused.value.detail


async def test_what_is_free_passes_every_limit(services: Services) -> None:
    """Simulators of this project cost nothing, in any currency."""
    strict = limited(services, job="0 EUR", day="0 EUR")

    await submitted(strict, target={"id": "local.sim.aer"})


async def test_a_day_has_a_limit(services: Services, ports: FakePorts) -> None:
    """Jobs under way count as estimated, ended ones as charged, others' and yesterday's not."""
    ports.provider.ending = ProviderStatus(Phase.SUCCEEDED, cost=20.0, currency="USD")
    strict = limited(services, day="220 USD")
    first = await submitted(strict)
    await submitted(strict)
    with pytest.raises(SpendingLimitError) as refused:
        await submitted(strict)
    assert refused.value.detail == (
        "The job costs about 97.50 USD; of 220.00 USD a day 195.00 USD are spent or planned. "
        "The day ends at midnight, UTC."
    )

    await submitted(strict, owner="other")
    await strict.dispatch(first.message())
    while ports.queue.sent:
        message, delay = ports.queue.sent.pop(0)
        ports.clock.advance(delay)
        await strict.track(message)
    assert (await stored(ports, first)).cost == Money(20.0, "USD")
    await submitted(strict)
    with pytest.raises(SpendingLimitError):
        await submitted(strict)
    ports.clock.advance(24 * 3600)
    await submitted(strict)


async def test_a_repeated_submission_is_the_first_job_whatever_is_spent(services: Services) -> None:
    """An answer that was lost is given again, although the day has no money for a second job."""
    strict, body = limited(services, day="100 USD"), {"input": {}, "target": DEVICE}
    first = await strict.submit("owner", "bell", body, "a key")

    again = await strict.submit("owner", "bell", body, "a key")

    assert again.replayed
    assert again.job.id == first.job.id


async def test_a_refused_submission_leaves_its_key_free(services: Services) -> None:
    """The same job with a larger budget is another body, and may have the same key."""
    body: JSONObject = {"input": {}, "target": DEVICE}
    for amount, accepted in ((50, False), (50, False), (500, True)):
        budget = {"amount": amount, "currency": "USD"}
        try:
            await services.submit("owner", "bell", {**body, "budget": budget}, "a key")
        except BudgetExceededError:
            assert not accepted
        else:
            assert accepted


async def test_what_a_job_will_cost_is_in_its_record(services: Services) -> None:
    """From its acceptance on, where a limit had it computed."""
    job = await submitted(limited(services, day="200 USD"))

    assert job.estimate == Money(97.5, "USD")


@pytest.mark.parametrize("text", ["25", "USD", "25USD", "-1 USD", "1e9 USD", "25 usd", "x USD"])
def test_a_limit_that_is_no_money_is_refused(text: str) -> None:
    """The setting is named, and how it is written."""
    with pytest.raises(SettingError, match=r"QJOBS_COST_OF_DAY.*such as 25 USD"):
        Settings.from_environment(
            {
                "AzureWebJobsStorage": "unused",
                "QJOBS_KEY_VAULT_URI": "unused",
                "QJOBS_COST_OF_DAY": text,
            }
        )


async def test_a_mode_chooses_within_the_budget(services: Services, ports: FakePorts) -> None:
    """A device whose price is not known before is no choice then, however short its queue."""
    ports.provider.available = [
        target("rigetti.qpu.cepheus-1-108q", queue=1),
        target("ionq.qpu.forte-1", queue=2),
        target("ionq.qpu.aria-1", queue=3),
    ]
    chosen = []
    for budget in (None, {"amount": 100, "currency": "USD"}, {"amount": 500, "currency": "USD"}):
        job = await submitted(services, target={"mode": "Hardware"}, budget=budget)
        await services.dispatch(job.message())
        chosen.append((await stored(ports, job)).target)

    assert [one and one.id for one in chosen] == [
        "rigetti.qpu.cepheus-1-108q",
        "ionq.qpu.aria-1",
        "ionq.qpu.forte-1",
    ]
    little = {"amount": 1, "currency": "USD"}
    with pytest.raises(BudgetExceededError) as refused:
        await submitted(services, target={"mode": "Hardware"}, budget=little)
    assert "not known before it runs" in refused.value.detail


@pytest.mark.parametrize(
    ("limits", "budget", "words"),
    [
        ({}, {"shots": 10}, "It takes 1000 shots; its budget is 10."),
        ({}, {"amount": 0.01, "currency": "USD"}, "It costs 97.50 USD; its budget is 0.01 USD."),
        ({"job": "5 USD"}, None, "It costs 97.50 USD; its budget is 5.00 USD."),
        ({"day": "5 USD"}, None, "The job costs about 97.50 USD; of 5.00 USD a day"),
        ({"day": "500 USD", "job": "500 USD"}, None, None),
    ],
)
async def test_an_estimate_says_what_would_refuse_the_job(
    services: Services, limits: dict[str, str], budget: JSONObject | None, words: str | None
) -> None:
    """In the words of the refusal; the target and its cost are told all the same."""
    body = {"input": {}, "target": DEVICE, "budget": budget}

    estimate = await limited(services, **limits).estimate("owner", "bell", body)

    assert estimate.choice is not None
    assert (estimate.refusal or "").startswith(words or "")
    assert (estimate.refusal is None) == (words is None)


async def test_a_submission_does_not_wait_for_its_budget(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While other circuits take all processes of its caller, it is accepted and checked later."""
    monkeypatch.setattr(submit, "_LONGEST_CHECK", 0.01)
    begin, busy = ports.algorithms.start, asyncio.Event()

    async def wait(algorithm: str, inputs: Inputs) -> Plan | Finish:
        await busy.wait()
        return await begin(algorithm, inputs)

    monkeypatch.setattr(ports.algorithms, "start", wait)
    job = await submitted(services, budget={"amount": 1, "currency": "USD"})
    busy.set()
    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "budget-exceeded"


async def test_the_estimate_and_the_times_of_a_quick_loop_are_kept(
    services: Services, ports: FakePorts
) -> None:
    """Also if its record is written at its end alone: submitted before it started."""
    decide(ports, loop(3))
    began = ports.clock.now() + timedelta(seconds=1)
    ports.provider.ending = ProviderStatus(
        Phase.SUCCEEDED, accepted=ports.clock.now(), began=began, ended=began
    )
    job = await submitted(services, target={"id": "local.sim.aer"})
    await services.dispatch(job.message())

    ended = await stored(ports, job)
    assert ended.estimate == Money(0.0, "USD")
    assert ended.submitted_at is not None
    assert ended.started_at is not None
    assert ended.submitted_at < ended.started_at
