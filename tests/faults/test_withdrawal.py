from __future__ import annotations

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import circuits, fault, final, happens, none_is_left, queues

DEVICE = "ionq.qpu.forte-1"
SUBMISSION = {
    "input": {"qubits": 3, "method": "Parity"},
    "shots": 50,
    "target": {"id": DEVICE},
}
HOURS = {DEVICE: {"queueDelay": "5h", "averageQueueTime": 1}}
"""Nothing that is placed runs within the test."""
pytestmark = pytest.mark.one_stack


async def test_a_deadline_withdraws_what_was_placed_of_a_step(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """Two of four circuits are there when the time is over: neither stays."""
    refused = {"operation": "jobs.create", "status": 503, "after": 2}
    async with queues(running_stack, HOURS), fault(running_stack, refused):
        submitted = await api.post("algorithms/ghz/jobs", json={**SUBMISSION, "deadline": "PT15S"})
        job_id = submitted.json()["id"]

        async def two_are_placed() -> bool:
            return len(await circuits(running_stack, job_id)) == 2

        await happens(two_are_placed)
        job = await final(api, job_id)

        assert job["status"] == "Canceled"
        assert job["error"]["code"] == "deadline-exceeded"
        assert await none_is_left(running_stack, job_id)


async def test_a_circuit_that_arrives_after_the_end_is_withdrawn(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """The request to place it is under way while the job is canceled and the host dies."""
    late = {"operation": "jobs.create", "target": DEVICE, "delay": "8s"}
    one = {**SUBMISSION, "input": {"qubits": 3}}
    async with queues(running_stack, HOURS), fault(running_stack, late) as is_under_way:
        submitted = await api.post("algorithms/ghz/jobs", json=one)
        job_id = submitted.json()["id"]
        await happens(is_under_way)
        await api.delete(f"jobs/{job_id}")
        job = await final(api, job_id)
        running_stack.kill("functions")
        running_stack.start("functions")

        assert job["status"] == "Canceled"

        async def there() -> bool:
            return len(await circuits(running_stack, job_id)) == 1

        await happens(there)
        assert await none_is_left(running_stack, job_id)
