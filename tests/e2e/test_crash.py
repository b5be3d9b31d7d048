from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import workspace_of
from localdev.stack.stack import Stack

JOBS = 8


async def provider_jobs(stack: Stack) -> Counter[str]:
    """Return how many jobs the workspace has had under each name."""
    workspace = workspace_of(stack.facts)
    async with httpx.AsyncClient(headers=workspace.headers, timeout=PATIENCE) as client:
        seen = await client.get(f"{workspace.url}emulator/jobs")
    return Counter(job["name"] for job in seen.json())


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.3])
async def test_a_killed_host_loses_no_job_and_repeats_none(
    api: httpx.AsyncClient, running_stack: Stack, moment: float
) -> None:
    """Jobs that were accepted before a SIGKILL end, each with exactly one provider job."""
    answers = await asyncio.gather(
        *(
            api.post("algorithms/ghz/jobs", json={"input": {"qubits": 4 + number}})
            for number in range(JOBS)
        )
    )
    await asyncio.sleep(moment)
    running_stack.kill("functions")
    running_stack.start("functions")

    ids = [answer.json()["id"] for answer in answers]
    for job_id in ids:
        job = (await api.get(f"jobs/{job_id}", headers={"prefer": "wait=30"})).json()
        assert job["status"] == "Succeeded", job

    names = await provider_jobs(running_stack)
    assert {job_id: names[f"ghz {job_id}"] for job_id in ids} == dict.fromkeys(ids, 1)
