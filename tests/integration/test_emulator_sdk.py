"""The unmodified `azure-quantum` SDK against the emulator, a process, and Azurite."""

from __future__ import annotations

import os
import statistics
import time
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import (
    ClientAuthenticationError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.quantum import Job
from azure.quantum import Workspace as Client

from localdev.azurite import ROOT
from localdev.parts import Options, Workspace
from localdev.process import Process
from tests.unit.emulator import qir_text as text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localdev.parts import Facts

GHZ = text.module(
    [
        text.call("h__body", text.qubit(0)),
        *(text.call("cx__body", text.qubit(q), text.qubit(q + 1)) for q in range(4)),
        *(text.measure(q, q) for q in range(5)),
        *text.register(4, 3, 2, 1, 0),
    ],
    qubits=5,
    results=5,
)
# Beyond what any test waits for: a gate on every qubit, again and again.
ENDLESS = text.module(
    [
        *(text.call("rx__body", "double 0.1", text.qubit(q)) for _ in range(40) for q in range(25)),
        text.measure(0, 0),
        *text.register(0),
    ],
    qubits=25,
    results=1,
)


@pytest.fixture(scope="module")
def emulator(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """Start the emulator; yields where it is and the key to it."""
    directory = tmp_path_factory.mktemp("emulator")
    part = Workspace(Options(directory))
    facts = {"storage": {"connectionString": azurite}}
    process = Process(
        "workspace",
        part.command(facts),
        log=directory / "log",
        cwd=ROOT,
        env=os.environ | dict(part.environment(facts)),
    )
    try:
        yield process.wait_until(lambda: part.ready(process), 60)
    finally:
        process.stop()


@pytest.fixture(scope="module")
def workspace(emulator: Facts) -> Iterator[Client]:
    """Return the SDK's workspace."""
    with connect(emulator) as connected:
        yield connected


@pytest.fixture
def control(emulator: Facts) -> Iterator[httpx.Client]:
    """Return a client of the emulator's own paths, with no job in it."""
    headers = {"x-ms-quantum-api-key": emulator["apiKey"]}
    with httpx.Client(base_url=emulator["url"], headers=headers) as client:
        client.post("/emulator/reset").raise_for_status()
        yield client


def connect(emulator: Facts, **changes: str) -> Client:
    """Return the SDK's workspace."""
    facts = emulator | changes
    return Client(
        subscription_id=facts["subscriptionId"],
        resource_group=facts["resourceGroup"],
        name=facts["name"],
        location=facts["location"],
        credential=AzureKeyCredential(facts["apiKey"]),
        _quantum_endpoint=facts["url"],
        _workspace_kind="V2",
    )


def submit(
    workspace: Client,
    program: bytes = GHZ,
    target: str = "local.sim.aer",
    *,
    job_id: str | None = None,
    **params: object,
) -> Job:
    """Submit a job with an id of the client's choice."""
    return Job.from_input_data(
        workspace=workspace,
        name="a test",
        target=target,
        provider_id=target.partition(".")[0],
        input_data=program,
        content_type="qir.v1",
        job_id=job_id or str(uuid.uuid4()),
        input_data_format="qir.v1",
        output_data_format="microsoft.quantum-results.v2",
        input_params={"shots": 1000, **params},
    )


def finished(job: Job) -> Job:
    """Return *job* when it has ended."""
    job.wait_until_completed(timeout_secs=60, print_progress=False)
    return job


def test_a_job_goes_the_whole_way(workspace: Client, control: httpx.Client) -> None:
    """A job is submitted under the id its client chose, polled, and its results are read."""
    job_id = str(uuid.uuid4())
    job = finished(submit(workspace, job_id=job_id, seed=11))
    assert job.id == job_id
    assert job.details.status == "Succeeded"
    assert job.details.begin_execution_time <= job.details.end_execution_time
    results = job.get_results()
    assert set(results) == {"[0, 0, 0, 0, 0]", "[1, 1, 1, 1, 1]"}
    assert sum(results.values()) == pytest.approx(1)
    assert len(job.get_results_shots()) == 1000


def test_the_rounding_target_gives_exact_halves(workspace: Client) -> None:
    """`ionq.simulator` does not sample."""
    results = finished(submit(workspace, target="ionq.simulator")).get_results()
    assert results == {"[0, 0, 0, 0, 0]": 0.5, "[1, 1, 1, 1, 1]": 0.5}


def test_a_seed_repeats_a_run_exactly(workspace: Client) -> None:
    """Two jobs with one seed have the same shots in the same order; another seed has others."""
    shots = [finished(submit(workspace, seed=seed)).get_results_shots() for seed in (3, 3, 4)]
    assert shots[0] == shots[1] != shots[2]


def test_targets_are_listed(workspace: Client) -> None:
    """The SDK finds both targets."""
    names = {target.name for target in workspace.get_targets()}
    assert names == {"ionq.simulator", "local.sim.aer"}
    assert workspace.get_quotas() == []


def test_jobs_are_listed_newest_first(workspace: Client, control: httpx.Client) -> None:
    """The SDK follows the pages of a list; every job is in it once."""
    submitted = [submit(workspace).id for _ in range(5)]
    assert [job.id for job in workspace.list_jobs()] == submitted[::-1]
    pages = workspace.list_jobs_paginated(top=2)
    assert [job.id for job in pages] == submitted[::-1]


def test_an_id_can_be_used_once(workspace: Client, control: httpx.Client) -> None:
    """A second submission under an id conflicts, and the emulator tells how many there were."""
    job = finished(submit(workspace))
    with pytest.raises(ResourceExistsError, match="JobAlreadyExists"):
        Job(workspace, job.details).submit()
    assert control.get("/emulator/jobs").json() == [
        {
            "id": job.id,
            "name": job.details.name,
            "target": "local.sim.aer",
            "status": "Succeeded",
            "putAttempts": 2,
        }
    ]


def test_a_program_that_cannot_run_fails_its_job(workspace: Client) -> None:
    """The job ends with the reason, and the SDK raises when asked for results."""
    program = text.module([text.call("nope__body", text.qubit(0))], qubits=1, results=0)
    job = finished(submit(workspace, program))
    assert job.details.status == "Failed"
    assert job.details.error_data.code == "QIRPreProcessingFailed"
    assert "nope__body" in job.details.error_data.message
    with pytest.raises(RuntimeError, match="nope__body"):
        job.get_results()


def test_a_job_without_input_fails(workspace: Client) -> None:
    """A job whose input was never uploaded ends with the reason."""
    job = submit(workspace)
    details = finished(job).details
    details.input_data_uri = details.input_data_uri.partition("?")[0] + "-missing"
    details.id = str(uuid.uuid4())
    orphan = Job(workspace, details)
    orphan.submit()
    assert finished(orphan).details.error_data.code == "InvalidInputData"


def test_a_wrong_key_opens_nothing(emulator: Facts) -> None:
    """The SDK reports that it was not let in."""
    with connect(emulator, apiKey="wrong") as stranger, pytest.raises(ClientAuthenticationError):
        next(iter(stranger.list_jobs()), None)


def test_another_workspace_is_not_found(emulator: Facts) -> None:
    """The SDK reports that there is no such workspace."""
    with connect(emulator, name="other") as stranger, pytest.raises(ResourceNotFoundError):
        stranger.get_job(str(uuid.uuid4()))


def test_a_running_job_is_cancelled(workspace: Client, control: httpx.Client) -> None:
    """Cancelling stops the computation, and jobs that wait behind it run."""
    running, waiting, behind = submit(workspace, ENDLESS), submit(workspace), submit(workspace)
    wait_for(running, "Executing")
    workspace.cancel_job(waiting)
    workspace.cancel_job(running)
    assert finished(running).details.status == "Cancelled"
    assert finished(waiting).details.status == "Cancelled"
    assert finished(behind).details.status == "Succeeded"


def test_a_deleted_job_is_gone(workspace: Client, emulator: Facts, control: httpx.Client) -> None:
    """A job can be deleted while it runs; what it computes then is nobody's."""
    job = submit(workspace, ENDLESS)
    wait_for(job, "Executing")
    path = (
        f"/subscriptions/{emulator['subscriptionId']}/resourceGroups/{emulator['resourceGroup']}"
        f"/providers/Microsoft.Quantum/workspaces/{emulator['name']}/jobs/{job.id}"
    )
    assert control.delete(path).status_code == 204
    with pytest.raises(ResourceNotFoundError):
        workspace.get_job(job.id)
    assert finished(submit(workspace)).details.status == "Succeeded"


def test_polling_is_quick_while_a_program_runs(workspace: Client, control: httpx.Client) -> None:
    """The server does not compute: a poll of a running job takes milliseconds."""
    job = submit(workspace, ENDLESS)
    wait_for(job, "Executing")
    times = []
    for _ in range(50):
        started = time.perf_counter()
        control.get("/emulator/jobs").raise_for_status()
        times.append(time.perf_counter() - started)
    workspace.cancel_job(job)
    assert statistics.median(times) < 0.05  # 1 ms on an idle machine


def test_a_hundred_jobs_in_the_queue_are_all_done(workspace: Client, control: httpx.Client) -> None:
    """Nothing is lost in a burst, and every job was asked for once."""
    first = finished(submit(workspace)).details
    for number in range(99):
        first.id = f"burst-{number}"
        Job(workspace, first).submit()
    deadline = time.monotonic() + 60
    jobs = control.get("/emulator/jobs").json()
    while any(job["status"] != "Succeeded" for job in jobs):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        jobs = control.get("/emulator/jobs").json()
    assert len(jobs) == 100
    assert {job["putAttempts"] for job in jobs} == {1}


def wait_for(job: Job, status: str) -> None:
    """Wait until *job* has *status*."""
    deadline = time.monotonic() + 30
    while job.details.status != status:
        assert time.monotonic() < deadline, job.details.status
        time.sleep(0.02)
        job.refresh()
