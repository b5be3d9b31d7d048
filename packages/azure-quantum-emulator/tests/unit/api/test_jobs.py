"""Creating, showing, changing, cancelling and deleting jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from azure_quantum_emulator.api.versions import PUBLISHED
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.workspace import Workspace
from emulator_support.data_plane import JOB, PATH, STORAGE, guid, put

ONE = f"{PATH}/jobs/{guid()}"


async def test_creation_echoes_the_job_as_the_service_keeps_it(client: httpx.AsyncClient) -> None:
    """Signatures are gone, the provider is lower case, metadata is text, no field is missing."""
    answer = await put(client)
    assert answer.status_code == 200
    job = answer.json()
    for name in ("creationTime", "lastModifiedTime"):
        assert job.pop(name).endswith("+00:00")
    assert job == {
        "id": guid(),
        "itemType": "Job",
        "jobType": "QuantumComputing",
        "jobPriority": "Basic",
        "priority": "Standard",
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


async def test_older_clients_see_no_priority(client: httpx.AsyncClient) -> None:
    """The field came with a later api-version than the one that was recorded."""
    client.params = client.params.set("api-version", "2025-12-01-preview")
    assert "priority" not in (await put(client)).json()


async def test_a_single_job_comes_with_signed_addresses(client: httpx.AsyncClient) -> None:
    """GET differs from PUT in its addresses alone, which can be read for days."""
    created = (await put(client)).json()
    job = (await client.get(ONE)).json()
    signatures = {}
    for name in ("containerUri", "inputDataUri", "outputDataUri"):
        address = urlsplit(job.pop(name))
        assert address._replace(query="").geturl() == created.pop(name)
        signatures[name] = {key: value for key, (value,) in parse_qs(address.query).items()}
    assert job == created
    assert (signatures["containerUri"]["sr"], signatures["containerUri"]["sp"]) == ("c", "rl")
    assert (signatures["outputDataUri"]["sr"], signatures["outputDataUri"]["sp"]) == ("b", "r")
    saved_as = f"attachment; filename=a_job-{guid()}.output.json"
    assert signatures["outputDataUri"]["rscd"] == saved_as
    assert all("spr" not in signature for signature in signatures.values())


async def test_an_id_is_taken_once(client: httpx.AsyncClient) -> None:
    """A second PUT of an id conflicts, leaves the job alone and is counted."""
    await put(client)
    answer = await put(client, name="another")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "JobAlreadyExists"
    assert (await client.get(ONE)).json()["name"] == "a job"
    assert (await client.get("/emulator/jobs")).json() == [
        {
            "id": guid(),
            "name": "a job",
            "target": "local.sim.aer",
            "status": "Waiting",
            "putAttempts": 2,
            "queueDelay": 0.0,
        }
    ]


WRONG: list[dict[str, Any]] = [
    *({field: None} for field in ("name", "target", "providerId", "containerUri")),
    {"inputDataFormat": None},
    {"inputDataFormat": "ionq.circuit.v1"},
    {"outputDataFormat": 7},
    {"target": "local.sim.other"},
    {"providerId": "ionq"},
    {"containerUri": "https://elsewhere.blob.core.windows.net/job-1"},
    {"containerUri": f"{STORAGE}/job-1/blob"},
    {"inputDataUri": f"{STORAGE}/job-1"},
    {"inputDataUri": 3},
    {"inputParams": [1]},
    {"metadata": "text"},
    {"tags": "one"},
    {"priority": "Urgent"},
    {"sessionId": guid(9)},
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
    assert (await client.get(ONE)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, "The field name is required."),
        ({"target": ""}, "The field target is required."),
        ({"containerUri": 3}, "The field containerUri: Input should be a valid string."),
        ({"tags": ["one", 2]}, "The field tags.1: Input should be a valid string."),
        ({"priority": "Urgent"}, "The field priority: Input should be 'Standard' or 'High'."),
    ],
)
async def test_a_refusal_names_the_field(
    client: httpx.AsyncClient, changes: dict[str, Any], message: str
) -> None:
    """The message says which field is wrong, and what may be in it."""
    assert (await put(client, **changes)).json()["error"]["message"] == message


async def test_empty_fields_are_as_good_as_none(client: httpx.AsyncClient) -> None:
    """A priority and parameters that are empty are those of a job that gives none."""
    job = (await put(client, priority="", inputParams=None, tags=None)).json()
    assert (job["priority"], job["inputParams"], job["tags"]) == ("Standard", {}, [])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]"])
async def test_a_body_must_be_a_json_object(client: httpx.AsyncClient, body: bytes) -> None:
    """Anything but a JSON object is a 400 with a reason."""
    for answer in (
        await client.put(ONE, content=body),
        await client.post(f"{PATH}/storage/sasUri", content=body),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]


@pytest.mark.parametrize("path", [ONE, "/emulator/settings", f"{PATH}/sessions/{guid()}"])
async def test_a_body_must_not_be_too_deep(client: httpx.AsyncClient, path: str) -> None:
    """What cannot be read without end is a 400, too."""
    answer = await client.put(path, content=b"[" * 100_000)
    assert answer.status_code == 400


async def test_an_id_must_be_a_guid(client: httpx.AsyncClient) -> None:
    """Jobs and sessions are not created under other ids."""
    assert (await client.put(f"{PATH}/jobs/mine", json={})).status_code == 400
    assert (await client.put(f"{PATH}/sessions/mine", json={})).status_code == 400


async def test_clients_say_which_version_they_speak(client: httpx.AsyncClient) -> None:
    """Every operation of the data plane asks for the api-version."""
    client.params = client.params.remove("api-version")
    for path in ("jobs", f"jobs/{guid()}", "sessions", "providerStatus", "quotas", "topLevelItems"):
        answer = await client.get(f"{PATH}/{path}")
        assert answer.json()["error"]["code"] == "MissingApiVersionParameter"


@pytest.mark.parametrize("version", PUBLISHED)
async def test_every_published_version_is_spoken(client: httpx.AsyncClient, version: str) -> None:
    """Clients of any age are answered."""
    answer = await client.get(f"{PATH}/jobs", params={"api-version": version})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "version", ["nonsense", "2026-01-15", "2026-01-16-preview", "2019-01-01-preview", "2026", " "]
)
async def test_no_other_version_is_spoken(client: httpx.AsyncClient, version: str) -> None:
    """What was never published is refused, and the message says what is spoken."""
    for path in ("jobs", f"jobs/{guid()}", "sessions", "providerStatus", "quotas", "topLevelItems"):
        answer = await client.get(f"{PATH}/{path}", params={"api-version": version})
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (400, "UnsupportedApiVersionValue")
        assert "2026-01-15-preview" in error["message"]


async def test_a_job_can_be_changed(client: httpx.AsyncClient) -> None:
    """PATCH changes what it names, and nothing else."""
    await put(client)
    answer = await client.patch(ONE, json={"priority": "High", "tags": ["a", "b"]})
    expected = {"id": guid(), "name": "a job", "priority": "High", "tags": ["a", "b"]}
    assert answer.json() == expected
    await client.patch(ONE, json={"name": "renamed"})
    job = (await client.get(ONE)).json()
    assert (job["name"], job["priority"], job["tags"]) == ("renamed", "High", ["a", "b"])


@pytest.mark.parametrize("body", [{"target": "x"}, {"priority": "x"}, {"tags": [1]}, {"name": 2}])
async def test_not_everything_can_be_changed(client: httpx.AsyncClient, body: object) -> None:
    """What is not the client's to change is refused."""
    await put(client)
    assert (await client.patch(ONE, json=body)).status_code == 400


async def test_a_refused_change_says_what_can_be_changed(client: httpx.AsyncClient) -> None:
    """The message names the field, and those that are the client's."""
    await put(client)
    error = (await client.patch(ONE, json={"target": "x"})).json()["error"]
    expected = "The field target cannot be changed; name, priority, tags can be."
    assert error == {"code": "InvalidJobDefinition", "message": expected}


async def test_a_waiting_job_is_cancelled_at_once(client: httpx.AsyncClient) -> None:
    """Cancelling answers 204 without a body, and again when there is nothing left to cancel."""
    await put(client)
    for _ in range(2):
        answer = await client.post(f"{ONE}:cancel")
        assert (answer.status_code, answer.content) == (204, b"")
    job = (await client.get(ONE)).json()
    assert job["status"] == "Cancelled"
    assert job["cancellationTime"] == job["endExecutionTime"] is not None


async def test_a_deleted_job_is_gone(client: httpx.AsyncClient) -> None:
    """DELETE answers 204 and frees the id, though its attempts stay counted."""
    await put(client)
    assert (await client.delete(ONE)).status_code == 204
    assert (await client.get(f"{PATH}/jobs")).json() == {"value": [], "nextLink": None}
    await put(client)
    assert (await client.get("/emulator/jobs")).json()[0]["putAttempts"] == 2


async def test_delete_once_meant_cancel(client: httpx.AsyncClient) -> None:
    """For clients of an older api-version the job stays, cancelled."""
    await put(client)
    await client.delete(ONE, params={"api-version": "2022-09-12-preview"})
    assert (await client.get(ONE)).json()["status"] == "Cancelled"


@pytest.mark.parametrize(
    ("method", "operation"), [("GET", ""), ("DELETE", ""), ("PATCH", ""), ("POST", ":cancel")]
)
async def test_an_unknown_job_is_not_found(
    client: httpx.AsyncClient, method: str, operation: str
) -> None:
    """Every operation on a job that is not there is a 404 with a reason."""
    answer = await client.request(method, ONE + operation, json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "JobNotFound"


@pytest.mark.parametrize(
    ("provider", "single", "listed"),
    [
        ("ionq", "40.120Z", "40.12Z"),
        ("microsoft.test.firstparty", "40.12Z", "40.12Z"),
        ("pasqal", "40+00:00", "40Z"),
        ("quantinuum", "40.120004+00:00", "40.120004Z"),
        ("rigetti", "40.1200045Z", "40.1200045Z"),
    ],
)
async def test_times_are_in_the_form_of_who_told_them(
    client: httpx.AsyncClient, workspace: Workspace, provider: str, single: str, listed: str
) -> None:
    """The service's own are in ticks of 100 ns, the provider's as recorded of that provider."""
    await put(client)
    job = replace(workspace.store.job(guid()), created=10**18 + 123_456_700, provider_id=provider)
    job = job.moved(Status.EXECUTING, 10**18 + 120_004_567)
    workspace.store.update(job.moved(Status.FAILED, 10**18 + 120_004_567))
    second = "2001-09-09T01:46:"
    shown = (await client.get(ONE)).json()
    assert shown["creationTime"] == f"{second}40.1234567+00:00"
    assert {shown["beginExecutionTime"], shown["endExecutionTime"]} == {second + single}
    (found,) = (await client.get(f"{PATH}/jobs")).json()["value"]
    assert found["creationTime"] == f"{second}40.1234567Z"
    assert {found["beginExecutionTime"], found["endExecutionTime"]} == {second + listed}


@pytest.mark.parametrize(
    ("target", "source", "results"),
    [
        ("ionq.simulator", "qir.v1", "microsoft.quantum-results.v2"),
        ("ionq.simulator", "ionq.circuit.v1", "ionq.quantum-results.v1"),
        ("quantinuum.sim.h2-1e", "qir.v1", "microsoft.quantum-results.v2"),
        ("quantinuum.sim.h2-1e", "honeywell.openqasm.v1", "honeywell.quantum-results.v1"),
        ("rigetti.sim.qvm", "rigetti.quil.v1", "rigetti.quil-results.v1"),
        ("pasqal.sim.emu-tn", "pasqal.pulser.v1", "pasqal.pulser-results.v1"),
        ("echo-output", "microsoft.quantum-log.v1", "microsoft.quantum-log.v1"),
        ("echo-quantinuum", "qir.v1", "honeywell.qir.v1"),
    ],
)
async def test_results_are_of_the_programs_kind_unless_asked(
    client: httpx.AsyncClient, target: str, source: str, results: str
) -> None:
    """Without outputDataFormat a job gets results that its program can have."""
    provider = all_targets()[target].provider
    answer = await put(
        client,
        target=target,
        providerId=provider,
        inputDataFormat=source,
        outputDataFormat=None,
    )
    assert answer.json()["outputDataFormat"] == results


async def test_only_what_identifies_a_job_is_asked_for(client: httpx.AsyncClient) -> None:
    """Members that are optional in the protocol may be left out."""
    needed = ("name", "containerUri", "inputDataFormat", "providerId", "target")
    body = {name: JOB[name] for name in needed}
    answer = await client.put(ONE, json=body)
    assert answer.status_code == 200
    job = answer.json()
    assert job["inputDataUri"] == f"{STORAGE}/job-1/inputData"
    assert (job["inputParams"], job["metadata"], job["tags"]) == ({}, None, [])


@pytest.mark.parametrize("path", ["jobs", "providerStatus", "quotas", f"jobs/{guid(9)}"])
async def test_answers_name_their_character_set(client: httpx.AsyncClient, path: str) -> None:
    """The content type is the recorded one, of errors too."""
    answer = await client.get(f"{PATH}/{path}")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"{PATH}/jobs", 404),
        ("GET", f"{PATH}/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("PUT", f"{PATH}/jobs/no-guid", 400),
        ("GET", f"{PATH}/sessions/{guid(9)}", 404),
        ("PATCH", f"{PATH}/jobs/{guid(9)}", 404),
        ("POST", f"{PATH}/listKeys", 200),
        ("GET", PATH, 200),
        ("GET", "/emulator/settings", 200),
        ("POST", "/emulator/faults", 400),
    ],
)
async def test_so_does_whatever_is_refused(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """Also what no operation is for, and what is for tests alone."""
    answer = await client.request(method, path, json={})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
