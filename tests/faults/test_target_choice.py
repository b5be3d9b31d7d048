"""The target of a job on a running stack, while queues and targets change."""

from __future__ import annotations

import httpx
import pytest

from localdev.stack.stack import Stack
from tests.faults.provider import circuits, fault, final, queues

SUBMISSION = {"input": {"qubits": 3}, "shots": 50}
SHORT, LONGER = {"averageQueueTime": 1}, {"averageQueueTime": 2}
FIRST, SECOND = "ionq.qpu.forte-1", "rigetti.qpu.cepheus-1-108q"
pytestmark = pytest.mark.one_stack


async def test_a_target_that_is_gone_is_chosen_again(
    api: httpx.AsyncClient, running_stack: Stack
) -> None:
    """The workspace still lists it and refuses every job for it: the next one runs the job."""
    gone = {
        "operation": "jobs.create",
        "target": FIRST,
        "status": 400,
        "code": "InvalidJobDefinition",
        "message": "The target specified does not exist or is not enabled for the workspace.",
    }
    async with queues(running_stack, {FIRST: SHORT, SECOND: LONGER}), fault(running_stack, gone):
        # The targets are known for half a minute: these have to be those of now.
        running_stack.kill("functions")
        running_stack.start("functions")
        moved = await api.post(
            "algorithms/ghz/jobs", json=SUBMISSION | {"target": {"mode": "Hardware"}}
        )
        named = await api.post("algorithms/ghz/jobs", json=SUBMISSION | {"target": {"id": FIRST}})
        done, failed = [await final(api, one.json()["id"]) for one in (moved, named)]

    assert (done["status"], done["target"]["id"]) == ("Succeeded", SECOND)
    assert {one["target"] for one in await circuits(running_stack, done["id"])} == {SECOND}
    assert failed["status"] == "Failed"
    assert "The target specified does not exist" in failed["error"]["detail"]
    assert await circuits(running_stack, failed["id"]) == []


@pytest.mark.parametrize(
    ("device", "simulator"),
    [(FIRST, "ionq.simulator"), ("quantinuum.qpu.h2-2", "quantinuum.sim.h2-2e")],
)
async def test_noise_follows_the_queues_of_devices(
    api: httpx.AsyncClient, running_stack: Stack, device: str, simulator: str
) -> None:
    """The job runs on the simulator of the device that is the least busy one now, and says so."""
    async with queues(running_stack, {device: SHORT}):
        running_stack.kill("functions")
        running_stack.start("functions")
        submitted = await api.post(
            "algorithms/ghz/jobs", json=SUBMISSION | {"target": {"mode": "NoisySimulator"}}
        )
        job = await final(api, submitted.json()["id"])

    assert job["status"] == "Succeeded", job
    assert (job["target"]["id"], job["target"]["device"]) == (simulator, device)
    assert [one["target"] for one in await circuits(running_stack, job["id"])] == [simulator]
