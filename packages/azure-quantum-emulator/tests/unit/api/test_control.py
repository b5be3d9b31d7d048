"""The control API: resets and seeds."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_quantum_emulator.workspace import Workspace
from emulator_support.data_plane import PATH, guid, open_session, put


async def test_reset_forgets_everything(client: httpx.AsyncClient, workspace: Workspace) -> None:
    """After a reset there are no jobs and no counts, and the clock is right again."""
    await put(client)
    await client.post("/emulator/clock/advance", json={"by": "10d"})
    assert (await client.post("/emulator/reset")).status_code == 204
    assert (await client.get("/emulator/jobs")).json() == []
    assert workspace.store.puts() == {}


async def test_a_saved_list_can_be_shown_again(client: httpx.AsyncClient) -> None:
    """Items that were listed and are seeded are listed the same, and are not run."""
    await put(client)
    await open_session(client, 2)
    listed = (await client.get(f"{PATH}/topLevelItems")).json()
    await client.post("/emulator/reset")
    answer = await client.post("/emulator/seed", json=listed)
    assert (answer.status_code, answer.json()) == (201, {"added": 2})
    assert (await client.get(f"{PATH}/topLevelItems")).json() == listed


ACCOUNT = "https://mystorage.blob.core.windows.net"
OLD_JOB: dict[str, Any] = {
    "id": guid(7),
    "itemType": "Job",
    "jobType": "QuantumChemistry",
    "name": "old",
    "providerId": "microsoft-elements",
    "target": "microsoft.dft",
    "status": "Succeeded",
    "containerUri": f"{ACCOUNT}/job-7",
    "inputDataUri": f"{ACCOUNT}/job-7/inputData",
    "outputDataUri": f"{ACCOUNT}:443/job-7/outputData",
    "inputDataFormat": "microsoft.xyz.v1",
    "outputDataFormat": "microsoft.dft-results.v1",
    "creationTime": "2023-01-02T03:04:05Z",
    "beginExecutionTime": "2023-01-02T03:04:05.123456Z",
    "endExecutionTime": "2023-01-02T03:04:06.1Z",
    "lastModifiedTime": None,
    "quantumComputingData": {"count": 3},
    "createdBy": "somebody",
    "tags": [],
}
"""As an old workspace lists one, and with members that a new one may have."""
OPEN_SESSION: dict[str, Any] = {
    "id": guid(8),
    "itemType": "Session",
    "name": "left open",
    "providerId": "ionq",
    "target": "ionq.simulator",
    "status": "Waiting",
    "jobFailurePolicy": "Continue",
    "creationTime": "2023-01-02T03:04:05Z",
    "endExecutionTime": None,
    "costEstimate": {"currencyCode": "EUR", "events": [{"dimensionId": "x"}], "estimatedTotal": 3},
}


async def test_a_seed_is_shown_as_it_was_given(client: httpx.AsyncClient) -> None:
    """No member is lost or made up, no time is written in another way, no session times out."""
    seeded = {"value": [OLD_JOB, OPEN_SESSION]}
    await client.post("/emulator/seed", json=seeded)
    listed = (await client.get(f"{PATH}/topLevelItems")).json()
    assert listed == seeded | {"nextLink": None}
    assert (await client.get(f"{PATH}/sessions/{guid(8)}")).json() == OPEN_SESSION
    one = (await client.get(f"{PATH}/jobs/{guid(7)}")).json()
    uris = ("containerUri", "inputDataUri", "outputDataUri")
    assert {name: one[name] for name in OLD_JOB if name not in uris} == {
        name: value for name, value in OLD_JOB.items() if name not in uris
    }


@pytest.mark.parametrize("job_type", ["QuantumChemistry", "QuantumComputing"])
async def test_a_seed_is_found_by_its_type(client: httpx.AsyncClient, job_type: str) -> None:
    """Lists are filtered by what a seed says."""
    await client.post("/emulator/seed", json={"value": [OLD_JOB]})
    found = await client.get(f"{PATH}/jobs", params={"filter": f"JobType eq '{job_type}'"})
    expected = [OLD_JOB] if job_type == OLD_JOB["jobType"] else []
    assert found.json()["value"] == expected


async def test_a_seed_that_changes_shows_what_changed(client: httpx.AsyncClient) -> None:
    """Tags are changed and a job that waits is cancelled; the rest is as it was given."""
    waiting = OLD_JOB | {"status": "Waiting", "endExecutionTime": None}
    await client.post("/emulator/seed", json={"value": [waiting]})
    await client.patch(f"{PATH}/jobs/{guid(7)}", json={"tags": ["x"]})
    await client.post(f"{PATH}/jobs/{guid(7)}:cancel")
    (job,) = (await client.get(f"{PATH}/jobs")).json()["value"]
    assert (job["status"], job["tags"]) == ("Cancelled", ["x"])
    assert job["cancellationTime"] == job["endExecutionTime"] is not None
    changed = ("status", "tags", "cancellationTime", "endExecutionTime", "lastModifiedTime")
    assert {name for name in waiting if job[name] != waiting[name]} <= set(changed)


async def test_a_seed_may_lack_what_is_optional(client: httpx.AsyncClient) -> None:
    """Members of which the service has not always had each are not asked for."""
    optional = ("jobType", "lastModifiedTime", "quantumComputingData", "tags", "beginExecutionTime")
    bare = {name: value for name, value in OLD_JOB.items() if name not in optional}
    await client.post("/emulator/seed", json={"value": [bare]})
    assert (await client.get(f"{PATH}/jobs")).json()["value"] == [bare]


async def test_a_seed_is_checked(client: httpx.AsyncClient) -> None:
    """What the service would not list is refused, with its place."""
    await put(client)
    (job,) = (await client.get(f"{PATH}/jobs")).json()["value"]
    for broken in (
        {"status": "Lost"},
        {"creationTime": "soon"},
        {"creationTime": "9999-01-01T00:00:00Z"},
        {"tags": 5},
    ):
        answer = await client.post("/emulator/seed", json={"value": [job | broken]})
        assert answer.status_code == 400
        assert "value[0]" in answer.json()["error"]["message"]
    assert (await client.post("/emulator/seed", json={})).status_code == 400
    answer = await client.post("/emulator/seed", json={"value": [job]})
    assert answer.status_code == 409
    assert guid() in answer.json()["error"]["message"]
