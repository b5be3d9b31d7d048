"""A loop at a device that costs: its bill is the workspace's, and a budget ends it early."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import access_to, workspace_of
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack
from tests.conftest import STACK_SETTINGS
from tests.faults.provider import final
from tools.loop_app import LOOP, make_app

DEVICE = "ionq.qpu.aria-1"
PRICE = 97.5
"""USD, the least that a program costs there."""
STEPS = 6
URL = f"algorithms/{LOOP}"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start a stack whose app has the template of a loop, and limits of spending."""
    app = make_app(tmp_path_factory.mktemp("app") / "app")
    settings = {**STACK_SETTINGS, "QJOBS_COST_OF_JOB": "2000 USD", "QJOBS_COST_OF_DAY": "1500 USD"}
    options = Options(
        tmp_path_factory.mktemp("stack"), app=app, profile=Profile.DIRECT, settings=settings
    )
    with Stack(options) as running:
        yield running


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the API."""
    access = access_to(stack.facts)
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as opened:
        yield opened


async def bills(stack: Stack, job_id: str) -> list[float]:
    """Return what the workspace charged for each provider job of a job."""
    access, where = workspace_of(stack.facts), stack.facts["workspace"]
    path = (
        f"{access.url}subscriptions/{where['subscriptionId']}/resourceGroups/"
        f"{where['resourceGroup']}/providers/Microsoft.Quantum/workspaces/{where['name']}/jobs"
    )
    async with httpx.AsyncClient(headers=access.headers, timeout=PATIENCE) as workspace:
        listed = await workspace.get(path, params={"api-version": "2026-01-15-preview"})
    jobs = listed.raise_for_status().json()["value"]
    return [one["costEstimate"]["estimatedTotal"] for one in jobs if job_id in one["name"]]


async def outcome(client: httpx.AsyncClient, **members: Any) -> tuple[Any, Any]:  # noqa: ANN401 - JSON
    """Return a job at the device that has ended, and its outcome."""
    body = {"input": {"steps": STEPS}, "target": {"id": DEVICE}, "shots": 100, **members}
    submitted = await client.post(f"{URL}/jobs", json=body)
    assert submitted.status_code == 202, submitted.text
    job = await final(client, submitted.json()["id"])
    assert job["status"] == "Succeeded", job
    return job, (await client.get(f"jobs/{job['id']}/result")).json()


async def test_the_cost_of_a_loop_is_that_of_the_workspace(
    client: httpx.AsyncClient, stack: Stack
) -> None:
    """To the cent, over all steps, as it was estimated before and in the job."""
    body = {"input": {"steps": STEPS}, "target": {"id": DEVICE}, "shots": 100}
    estimate = (await client.post(f"{URL}/estimate", json=body)).json()
    planned = next(one for one in estimate["targets"] if one["target"]["id"] == DEVICE)

    job, result = await outcome(client)

    charged = await bills(stack, job["id"])
    assert len(charged) == STEPS
    assert result["provenance"]["cost"] == {"amount": sum(charged), "currency": "USD"}
    assert job["cost"]["actual"]["amount"] == sum(charged)
    assert job["cost"]["estimated"]["amount"] == planned["cost"]["planned"] == sum(charged)
    assert result["provenance"]["totals"]["circuits"] == STEPS


async def test_a_budget_ends_the_loop_with_its_best(
    client: httpx.AsyncClient, stack: Stack
) -> None:
    """Three steps are paid for; the result is the third one's, and says why it came early."""
    budget = {"amount": 3.5 * PRICE, "currency": "USD"}

    job, result = await outcome(client, budget=budget)

    assert await bills(stack, job["id"]) == [PRICE] * 3
    assert result["provenance"]["steps"] == 3
    assert result["provenance"]["endedEarly"] == ("It costs 390.00 USD; its budget is 341.25 USD.")
    assert 0 < result["result"]["angle"] < 3.2


async def test_limits_refuse_a_submission_with_the_figures(client: httpx.AsyncClient) -> None:
    """A job that costs more than a job may, and one beyond what is left of the day."""
    body = {"input": {"steps": 30}, "target": {"id": DEVICE}, "shots": 100}
    refused = await client.post(f"{URL}/jobs", json=body)

    assert (refused.status_code, refused.json()["code"]) == (422, "spending-limit")
    assert "The job costs about 2925.00 USD; of 1500.00 USD a day" in refused.json()["detail"]
    body["budget"] = {"amount": 50, "currency": "USD"}
    refused = await client.post(f"{URL}/jobs", json=body)
    assert refused.json()["violations"] == [
        {"pointer": "/budget", "detail": "It costs 97.50 USD; its budget is 50.00 USD."}
    ]
