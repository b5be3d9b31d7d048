"""Jobs at a device with a queue of days: seen when their output is there, and hardly before."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import advance, counted, final, happens, queues

pytestmark = pytest.mark.one_stack
DEVICE = "quantinuum.qpu.h2-1"
DAYS = {"averageQueueTime": 2 * 86400, "queueDelay": "2d"}
JOBS = 40
SUBMISSION = {"input": {"qubits": 2}, "shots": 20, "target": {"id": DEVICE}}


async def test_two_looks_do_for_a_queue_of_days(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """Of so many jobs each is polled once when it is placed, and once when its output is there."""

    async def placed() -> bool:
        jobs = [(await api.get(f"jobs/{one}")).json() for one in ids]
        return all(job["status"] == "Submitted" for job in jobs)

    async with (
        queues(running_stack, {DEVICE: DAYS}),
        counted(running_stack, "jobs.get") as polls,
    ):
        ids = [
            (await api.post("algorithms/ghz/jobs", json=SUBMISSION)).json()["id"]
            for _ in range(JOBS)
        ]
        await happens(placed)
        assert await polls() <= JOBS

        await advance(running_stack, "3d")
        done = await asyncio.gather(*(final(api, one) for one in ids))

        assert {job["status"] for job in done} == {"Succeeded"}
        assert JOBS <= await polls() <= 2 * JOBS
