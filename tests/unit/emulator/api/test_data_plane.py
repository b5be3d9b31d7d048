"""The protocol apart from execution: the jobs of this workspace wait for ever."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from localdev.azurite import connection_string
from localdev.emulator.api import urls
from localdev.emulator.jobs import JobStore
from localdev.emulator.lifecycle import Status
from localdev.emulator.runner import Runner
from localdev.emulator.storage import BlobStorage
from localdev.emulator.workspace import Identity, Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

KEY = "the-key"
IDENTITY = Identity("11111111-2222-3333-4444-555555555555", "Group", "ws", "eastus", KEY)
PATH = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Group"
    "/providers/Microsoft.Quantum/workspaces/ws"
)
STORAGE = "http://127.0.0.1:9/devstoreaccount1"  # nobody listens there
REQUEST = {
    "itemType": "Job",
    "name": "a job",
    "containerUri": f"{STORAGE}/job-1?sv=1&sig=secret",
    "inputDataUri": f"{STORAGE}/job-1/inputData?sig=secret",
    "inputDataFormat": "qir.v1",
    "outputDataFormat": "microsoft.quantum-results.v2",
    "providerId": "Local",
    "target": "local.sim.aer",
    "inputParams": {"shots": 100},
    "metadata": {"qiskit": True, "num_qubits": 4, "name": "x"},
    "tags": ["one"],
}


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """Return a workspace whose runner never starts."""
    storage = BlobStorage.from_connection_string(connection_string((9, 9, 9)))
    store = JobStore()
    yield Workspace(IDENTITY, store, storage, Runner(store, storage, 1, time.time_ns))
    await storage.close()


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the workspace that knows the key."""
    app = urls.application(IDENTITY, _no_lifespan)
    app.state.workspace = workspace
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://emulator",
        headers={"x-ms-quantum-api-key": KEY},
    ) as connected:
        yield connected


async def put(client: httpx.AsyncClient, job_id: str = "id-1", **changes: object) -> httpx.Response:
    """Ask for a job."""
    return await client.put(f"{PATH}/jobs/{job_id}", json=REQUEST | changes)


@pytest.mark.parametrize("key", [None, "", "wrong", "the-key "])
async def test_without_the_key_nothing_is_answered(
    client: httpx.AsyncClient, key: str | None
) -> None:
    """A wrong key gets an empty 401, on every path."""
    client.headers.pop("x-ms-quantum-api-key")
    for path in (f"{PATH}/jobs", "/emulator/jobs", "/nowhere"):
        answer = await client.get(path, headers={"x-ms-quantum-api-key": key} if key else {})
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("part", ["55555555", "/Group/", "/ws"])
async def test_other_workspaces_do_not_exist(client: httpx.AsyncClient, part: str) -> None:
    """A path with another subscription, resource group or name gets a 404 with a reason."""
    answer = await client.get(PATH.replace(part, f"{part[:2]}9{part[2:]}") + "/jobs")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"
    assert answer.headers["x-ms-error-code"] == "ResourceNotFound"


async def test_names_in_paths_have_no_case(client: httpx.AsyncClient) -> None:
    """A workspace is found in whatever case its name and its resource group are written."""
    path = PATH.replace("/Group/", "/gROUP/").replace("/ws", "/WS")
    assert (await client.get(f"{path}/jobs")).status_code == 200


async def test_creation_echoes_the_job_as_the_service_keeps_it(client: httpx.AsyncClient) -> None:
    """Signatures are gone, the provider is lower case, metadata is text, no field is missing."""
    answer = await put(client)
    assert answer.status_code == 200
    job = answer.json()
    times = {name: job.pop(name) for name in ("creationTime", "lastModifiedTime")}
    assert set(map(len, times.values())) == {len("2025-11-20T00:35:56.0248495+00:00")}
    assert job == {
        "id": "id-1",
        "itemType": "Job",
        "jobType": "QuantumComputing",
        "jobPriority": "Basic",
        "name": "a job",
        "providerId": "local",
        "target": "local.sim.aer",
        "status": "Waiting",
        "isCancelling": False,
        "containerUri": f"{STORAGE}/job-1",
        "inputDataUri": f"{STORAGE}/job-1/inputData",
        "inputDataFormat": "qir.v1",
        "inputParams": {"shots": 100},
        "outputDataUri": f"{STORAGE}/job-1/outputData",
        "outputDataFormat": "microsoft.quantum-results.v2",
        "metadata": {"qiskit": "true", "num_qubits": "4", "name": "x"},
        "tags": ["one"],
        "sessionId": None,
        "beginExecutionTime": None,
        "endExecutionTime": None,
        "cancellationTime": None,
        "quantumComputingData": None,
        "costEstimate": None,
        "errorData": None,
    }


async def test_a_single_job_comes_with_signed_addresses(client: httpx.AsyncClient) -> None:
    """GET differs from PUT in its addresses alone, which can be read for days."""
    created = (await put(client)).json()
    job = (await client.get(f"{PATH}/jobs/id-1")).json()
    signatures = {}
    for name in ("containerUri", "inputDataUri", "outputDataUri"):
        address = urlsplit(job.pop(name))
        assert address._replace(query="").geturl() == created.pop(name)
        signatures[name] = {key: value for key, (value,) in parse_qs(address.query).items()}
    assert job == created
    assert (signatures["containerUri"]["sr"], signatures["containerUri"]["sp"]) == ("c", "rl")
    assert (signatures["outputDataUri"]["sr"], signatures["outputDataUri"]["sp"]) == ("b", "r")
    saved_as = "attachment; filename=a_job-id-1.output.json"
    assert signatures["outputDataUri"]["rscd"] == saved_as
    assert all("spr" not in signature for signature in signatures.values())


async def test_an_id_is_taken_once(client: httpx.AsyncClient) -> None:
    """A second PUT of an id conflicts, leaves the job alone and is counted."""
    await put(client)
    answer = await put(client, name="another")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "JobAlreadyExists"
    assert (await client.get(f"{PATH}/jobs/id-1")).json()["name"] == "a job"
    assert (await client.get("/emulator/jobs")).json() == [
        {
            "id": "id-1",
            "name": "a job",
            "target": "local.sim.aer",
            "status": "Waiting",
            "putAttempts": 2,
        }
    ]


WRONG: list[dict[str, Any]] = [
    *({field: None} for field in ("name", "target", "providerId", "containerUri")),
    {"inputDataFormat": None},
    {"inputDataFormat": "ionq.circuit.v1"},
    {"outputDataFormat": "csv"},
    {"target": "local.sim.other"},
    {"providerId": "ionq"},
    {"containerUri": "https://elsewhere.blob.core.windows.net/job-1"},
    {"containerUri": f"{STORAGE}/job-1/blob"},
    {"inputDataUri": f"{STORAGE}/job-1"},
    {"inputDataUri": 3},
    {"inputParams": [1]},
    {"metadata": "text"},
]


@pytest.mark.parametrize("changes", WRONG)
async def test_what_the_workspace_cannot_take_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    """A wrong job definition is a 400 with a reason, shows no signature and creates nothing."""
    answer = await put(client, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "InvalidJobDefinition"
    assert "secret" not in answer.text
    assert (await client.get(f"{PATH}/jobs/id-1")).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]"])
async def test_a_body_must_be_a_json_object(client: httpx.AsyncClient, body: bytes) -> None:
    """Anything but a JSON object is a 400 with a reason."""
    for answer in (
        await client.put(f"{PATH}/jobs/id-1", content=body),
        await client.post(f"{PATH}/storage/sasUri", content=body),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]


async def test_lists_are_cut_into_pages_newest_first(client: httpx.AsyncClient) -> None:
    """Following `nextLink`, an absolute address, shows every job once, without signatures."""
    for number in range(5):
        await put(client, f"id-{number}")
    link, pages = f"http://emulator{PATH}/jobs?api-version=2026-01-15-preview&top=2", []
    while link:
        page = (await client.get(link)).json()
        pages.append([job["id"] for job in page["value"]])
        assert not any("sig=" in job["outputDataUri"] for job in page["value"])
        link = page["nextLink"]
    assert pages == [["id-4", "id-3"], ["id-2", "id-1"], ["id-0"]]


@pytest.mark.parametrize("query", ["filter=x", "orderby=Name asc", "top=many", "skip=-1"])
async def test_a_list_never_ignores_what_it_is_asked_for(
    client: httpx.AsyncClient, query: str
) -> None:
    """An option that is not emulated is refused, not answered with the wrong jobs."""
    assert (await client.get(f"{PATH}/jobs?{query}")).status_code == 400


async def test_a_waiting_job_is_cancelled_at_once(client: httpx.AsyncClient) -> None:
    """Cancelling answers 204 without a body, and again when there is nothing left to cancel."""
    await put(client)
    for _ in range(2):
        answer = await client.post(f"{PATH}/jobs/id-1:cancel")
        assert (answer.status_code, answer.content) == (204, b"")
    job = (await client.get(f"{PATH}/jobs/id-1")).json()
    assert job["status"] == "Cancelled"
    assert job["cancellationTime"] == job["endExecutionTime"] is not None


async def test_a_deleted_job_is_gone(client: httpx.AsyncClient) -> None:
    """DELETE answers 204 and frees the id, though its attempts stay counted."""
    await put(client)
    assert (await client.delete(f"{PATH}/jobs/id-1")).status_code == 204
    assert (await client.get(f"{PATH}/jobs")).json() == {"value": [], "nextLink": None}
    await put(client)
    assert (await client.get("/emulator/jobs")).json()[0]["putAttempts"] == 2


@pytest.mark.parametrize(
    ("method", "operation"), [("GET", ""), ("DELETE", ""), ("POST", ":cancel")]
)
async def test_an_unknown_job_is_not_found(
    client: httpx.AsyncClient, method: str, operation: str
) -> None:
    """Every operation on a job that is not there is a 404 with a reason."""
    answer = await client.request(method, f"{PATH}/jobs/none{operation}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "JobNotFound"


async def test_reset_forgets_everything(client: httpx.AsyncClient, workspace: Workspace) -> None:
    """After a reset there are no jobs and no counts."""
    await put(client)
    assert (await client.post("/emulator/reset")).status_code == 204
    assert (await client.get("/emulator/jobs")).json() == []
    assert workspace.store.puts("id-1") == 0


async def test_a_success_has_its_cost_and_a_failure_its_reason(
    client: httpx.AsyncClient, workspace: Workspace
) -> None:
    """A job that ran shows when, what it was charged (nothing) and how many circuits it had."""
    await put(client, target="ionq.simulator", providerId="IonQ")
    job = workspace.store.get("id-1").moved(Status.EXECUTING, 10**18 + 5_000_000)
    workspace.store.update(job.moved(Status.SUCCEEDED, 10**18 + 123_456_789))
    shown = (await client.get(f"{PATH}/jobs/id-1")).json()
    assert shown["beginExecutionTime"] == "2001-09-09T01:46:40.005Z"
    assert shown["endExecutionTime"] == "2001-09-09T01:46:40.123Z"
    assert shown["lastModifiedTime"] == "2001-09-09T01:46:40.1234567+00:00"
    assert shown["quantumComputingData"] == {"count": 1}
    assert shown["costEstimate"]["estimatedTotal"] == 0.0
    assert [event["dimensionId"] for event in shown["costEstimate"]["events"]] == ["gs1q", "gs2q"]


async def test_provider_status_lists_the_targets(client: httpx.AsyncClient) -> None:
    """Both targets are available, with 29 qubits, for the base profile; Aer has no queue."""
    listed = (await client.get(f"{PATH}/providerStatus")).json()
    assert listed["nextLink"] is None
    found = {p["id"]: [target["id"] for target in p["targets"]] for p in listed["value"]}
    assert found == {"ionq": ["ionq.simulator"], "local": ["local.sim.aer"]}
    for provider in listed["value"]:
        for target in provider["targets"]:
            assert target["currentAvailability"] == "Available"
            assert (target["numQubits"], target["targetProfile"]) == (29, "Base")
            assert (target["averageQueueTime"] == 0) is (target["id"] == "local.sim.aer")


async def test_nothing_is_limited(client: httpx.AsyncClient) -> None:
    """There are no quotas."""
    assert (await client.get(f"{PATH}/quotas")).json() == {"value": [], "nextLink": None}


async def test_a_blob_is_signed_without_asking_the_storage(client: httpx.AsyncClient) -> None:
    """The address of a blob costs no storage transaction, and it may be written."""
    asked = {"containerName": "job-1", "blobName": "outputData"}
    answer = await client.post(f"{PATH}/storage/sasUri", json=asked)
    address = urlsplit(answer.json()["sasUri"])
    assert address.path == "/devstoreaccount1/job-1/outputData"
    assert {"sr": ["b"], "sp": ["rcw"]}.items() <= parse_qs(address.query).items()


@contextlib.asynccontextmanager
async def _no_lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
