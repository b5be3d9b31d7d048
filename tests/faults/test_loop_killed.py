"""A loop whose host dies in the middle ends as it would have without."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to, workspace_of
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack
from qjobs.methods.evidence import without_times
from tests.conftest import STACK_SETTINGS
from tests.faults.provider import FINAL, circuits, final, queues, until
from tools.loop_app import LOOP, make_app

TARGET = "local.sim.aer"
STEPS = 25
KILLS = 10
FEWEST_STEPS = 6
"""Of a loop that is killed after a third and after two thirds of them."""
SUBMISSION = {
    "input": {"probability": 0.3, "steps": STEPS},
    "shots": 100,
    "seed": 11,
    "target": {"id": TARGET},
}
URL = f"algorithms/{LOOP}/jobs"
VARIATIONAL = [name for name in ("ground_state_energy",) if (ROOT / "algorithms" / name).is_dir()]
"""Loops of the catalogue whose every step follows from all those before."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start a stack whose app has the template of a loop beside the other algorithms."""
    app = make_app(tmp_path_factory.mktemp("app") / "app")
    options = Options(
        tmp_path_factory.mktemp("stack"), app=app, profile=Profile.DIRECT, settings=STACK_SETTINGS
    )
    with Stack(options) as running:
        yield running


async def sessions(stack: Stack) -> list[dict[str, Any]]:
    """Return the sessions of the workspace."""
    where, access = stack.facts["workspace"], workspace_of(stack.facts)
    path = (
        f"{access.url}subscriptions/{where['subscriptionId']}/resourceGroups/"
        f"{where['resourceGroup']}/providers/Microsoft.Quantum/workspaces/{where['name']}/sessions"
    )
    async with httpx.AsyncClient(headers=access.headers, timeout=PATIENCE) as client:
        response = await client.get(path, params={"api-version": "2026-01-15-preview"})
    listed: list[dict[str, Any]] = response.raise_for_status().json()["value"]
    return listed


async def outcome(client: httpx.AsyncClient, job_id: str) -> Any:  # noqa: ANN401 - JSON
    """Return the result of a job that has succeeded, with its totals."""
    job = await final(client, job_id)
    assert job["status"] == "Succeeded", job
    document = (await client.get(f"jobs/{job_id}/result")).json()
    provenance = document["provenance"]
    result = without_times(document["result"])
    return [result, document["counts"], provenance["steps"], provenance["totals"]]


async def shortest(client: httpx.AsyncClient, algorithm: str) -> dict[str, Any]:
    """Return a submission of the example that plans the fewest steps, of those with a middle."""
    described = (await client.get(f"algorithms/{algorithm}")).json()
    loops = []
    for number, example in enumerate(described["examples"]):
        body = {"input": example["input"], "seed": 11, "target": {"id": TARGET}}
        estimate = await client.post(f"algorithms/{algorithm}/estimate", json=body)
        planned = estimate.raise_for_status().json()["steps"]["planned"]
        if planned >= FEWEST_STEPS:
            loops.append((planned, number, body))
    return min(loops)[2]


async def reach(client: httpx.AsyncClient, job_id: str, step: int) -> None:
    """Wait until a job is at a step, and not at its end."""
    job: dict[str, Any] = {}

    async def is_there() -> bool:
        job.update((await client.get(f"jobs/{job_id}")).json())
        return job["status"] in FINAL or job["progress"]["iteration"] >= step

    assert await until(is_there)
    assert job["status"] not in FINAL, job


async def test_a_loop_survives_ten_deaths_of_its_host(stack: Stack) -> None:
    """The same provider jobs, the same result, one session, which is closed.

    Only the first step waits in the queue of the target, or the loop would take minutes.
    """
    access, chance = access_to(stack.facts), random.Random(KILLS)
    pauses = [chance.uniform(0.1, 2.0) for _ in range(KILLS)]
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as client:
        undisturbed = (await client.post(URL, json=SUBMISSION)).json()["id"]
        expected = await outcome(client, undisturbed)
        async with queues(stack, {TARGET: {"queueDelay": "13s"}}):
            job_id = (await client.post(URL, json=SUBMISSION)).json()["id"]
            for pause in pauses:
                await asyncio.sleep(pause)
                stack.kill("functions")
                stack.start("functions")
            assert await outcome(client, job_id) == expected

        placed = await circuits(stack, job_id)
        assert len({one["id"] for one in placed}) == len(placed) == STEPS
        listed = [one for one in await sessions(stack) if job_id in one["name"]]
        assert [one["status"] for one in listed] == ["Succeeded"], json.dumps(listed)


@pytest.mark.parametrize("algorithm", [LOOP, *VARIATIONAL])
async def test_a_loop_that_is_killed_twice_ends_as_it_would_have(
    stack: Stack, algorithm: str
) -> None:
    """A third and two thirds through: the same result, and the same number of provider jobs."""
    access, url = access_to(stack.facts), f"algorithms/{algorithm}/jobs"
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as client:
        body = SUBMISSION if algorithm == LOOP else await shortest(client, algorithm)
        undisturbed = (await client.post(url, json=body)).json()["id"]
        expected = await outcome(client, undisturbed)
        steps = expected[2]
        assert steps >= FEWEST_STEPS
        job_id = (await client.post(url, json=body)).json()["id"]
        for third in (1, 2):
            await reach(client, job_id, max(2, third * steps // 3))
            stack.kill("functions")
            stack.start("functions")

        assert await outcome(client, job_id) == expected
        placed = await circuits(stack, job_id)
        assert len({one["id"] for one in placed}) == len(placed)
        assert len(placed) == len(await circuits(stack, undisturbed))


async def test_a_loop_waits_in_the_queue_of_its_target_once(stack: Stack) -> None:
    """At the simulator of a device, whose queue takes 13 s: later steps run at once."""
    access, target = access_to(stack.facts), "quantinuum.sim.h2-1e"
    body = {**SUBMISSION, "target": {"id": target}}
    async with (
        httpx.AsyncClient(base_url=access.url, headers=access.headers, timeout=PATIENCE) as client,
        queues(stack, {target: {"queueDelay": "13s"}}),
    ):
        job_id = (await client.post(URL, json=body)).json()["id"]
        await outcome(client, job_id)

    placed = sorted(await circuits(stack, job_id), key=lambda one: one["queueDelay"], reverse=True)
    assert [one["queueDelay"] for one in placed] == [13.0] + [0.0] * (STEPS - 1)
