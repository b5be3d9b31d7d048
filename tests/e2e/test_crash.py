from __future__ import annotations

import asyncio

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.e2e.provider_jobs import provider_jobs

pytestmark = pytest.mark.one_stack

JOBS = 8
MOMENTS = (0.0, 0.05, 0.3)
"""Seconds from the submission of so many jobs to the end of their host."""


async def test_a_killed_host_loses_no_job_and_repeats_none(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """Jobs that were accepted before a SIGKILL end, each with exactly one provider job."""
    ids: list[str] = []
    for moment in MOMENTS:
        answers = await asyncio.gather(
            *(
                api.post("algorithms/ghz/jobs", json={"input": {"qubits": 4 + number}})
                for number in range(JOBS)
            )
        )
        ids += [answer.json()["id"] for answer in answers]
        await asyncio.sleep(moment)
        running_stack.kill("functions")
        running_stack.start("functions")

    # All of them wait for the leases of what the hosts had taken, once.
    for job_id in ids:
        job = (await api.get(f"jobs/{job_id}", headers={"prefer": "wait=30"})).json()
        assert job["status"] == "Succeeded", job

    names = await provider_jobs(running_stack)
    assert {job_id: names[f"ghz {job_id}"] for job_id in ids} == dict.fromkeys(ids, 1)
