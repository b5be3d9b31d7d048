from __future__ import annotations

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import circuits, fault, final, happens, queues, set_targets

FIRST, SECOND = "ionq.qpu.forte-1", "rigetti.qpu.cepheus-1-108q"
SUBMISSION = {
    "input": {"qubits": 4, "method": "Parity"},
    "shots": 50,
    "target": {"mode": "Hardware"},
}
pytestmark = pytest.mark.one_stack


async def test_all_circuits_of_a_job_run_at_the_target_that_was_chosen_first(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """Another shortest queue, between two circuits of a step and a crash, changes nothing."""
    short, long = {"averageQueueTime": 2}, {"averageQueueTime": "1h"}
    refused = {"operation": "jobs.create", "status": 503, "after": 2}
    async with queues(running_stack, {FIRST: short, SECOND: long}):
        # The targets are known for half a minute: these have to be those of now.
        running_stack.kill("functions")
        running_stack.start("functions")
        async with fault(running_stack, refused):
            submitted = await api.post("algorithms/ghz/jobs", json=SUBMISSION)
            job_id = submitted.json()["id"]

            async def two_are_placed() -> bool:
                return len(await circuits(running_stack, job_id)) == 2

            await happens(two_are_placed)
            await set_targets(running_stack, {FIRST: long, SECOND: {"averageQueueTime": 1}})
            running_stack.kill("functions")
        running_stack.start("functions")
        job = await final(api, job_id)

    assert job["status"] == "Succeeded", job
    placed = await circuits(running_stack, job_id)
    assert len(placed) == 5
    assert {one["target"] for one in placed} == {FIRST}
    result = (await api.get(f"jobs/{job_id}/result")).json()
    assert result["target"]["id"] == result["provenance"]["target"]["id"] == FIRST
