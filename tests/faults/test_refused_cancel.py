from __future__ import annotations

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import LONG_ENOUGH, circuits, fault, final, happens, none_is_left, queues

DEVICE = "ionq.qpu.forte-1"
SUBMISSION = {"input": {"qubits": 3}, "shots": 50, "target": {"id": DEVICE}}
pytestmark = pytest.mark.one_stack


async def test_a_job_is_canceled_although_its_device_refuses(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """The job ends; what still waits there is withdrawn when the device lets it be."""
    slow = {DEVICE: {"queueDelay": "5h", "averageQueueTime": 1}}
    refused = {"operation": "jobs.cancel", "status": 409}
    async with queues(running_stack, slow):
        async with fault(running_stack, refused):
            submitted = await api.post("algorithms/ghz/jobs", json=SUBMISSION)
            job_id = submitted.json()["id"]

            async def placed() -> bool:
                return len(await circuits(running_stack, job_id)) == 1

            await happens(placed)
            canceled = await api.delete(f"jobs/{job_id}")
            assert canceled.status_code == 202
            job = await final(api, job_id, LONG_ENOUGH)
            assert job["status"] == "Canceled"
            assert job["error"]["code"] == "job-canceled"

        assert await none_is_left(running_stack, job_id)
