"""The unmodified `azure-quantum` SDK against the emulator, a process, and Azurite."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import (
    ClientAuthenticationError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.quantum import Job
from azure.quantum import Workspace as Client

from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.testing import RunningEmulator
from emulator_support import qir_text as text
from emulator_support.patience import PATIENCE

IONQ = "ionq.simulator"
V2 = "microsoft.quantum-results.v2"
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


@pytest.fixture
def workspace(emulator: RunningEmulator) -> Iterator[Client]:
    """Return the SDK's workspace, with no job in it."""
    emulator.reset()
    with emulator.connect() as connected:
        yield connected


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


def test_a_job_goes_the_whole_way(workspace: Client) -> None:
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
    results = finished(submit(workspace, target=IONQ)).get_results()
    assert results == {"[0, 0, 0, 0, 0]": 0.5, "[1, 1, 1, 1, 1]": 0.5}


def test_a_seed_repeats_a_run_exactly(workspace: Client) -> None:
    """Two jobs with one seed have the same shots in the same order; another seed has others."""
    shots = [finished(submit(workspace, seed=seed)).get_results_shots() for seed in (3, 3, 4)]
    assert shots[0] == shots[1] != shots[2]


def test_targets_are_listed(workspace: Client) -> None:
    """The SDK finds every listed target, and the quotas."""
    names = {target.name for target in workspace.get_targets()}
    assert names == {target.id for target in all_targets().values() if target.listed}
    quotas = {(quota["providerId"], quota["dimension"]) for quota in workspace.get_quotas()}
    assert quotas == {("ionq", "qgs"), ("quantinuum", "hqc"), ("quantinuum", "ehqc")}


def test_jobs_are_listed_oldest_first(workspace: Client) -> None:
    """The SDK follows the pages of a list; every job is in it once."""
    submitted = [submit(workspace).id for _ in range(5)]
    assert [job.id for job in workspace.list_jobs()] == submitted
    pages = workspace.list_jobs_paginated(top=2, is_asc=False, orderby_property="CreationTime")
    assert [job.id for job in pages] == submitted[::-1]


def test_the_sdk_filters_lists(workspace: Client) -> None:
    """Every filter that the SDK writes is understood."""
    jobs = [finished(submit(workspace, target=target)) for target in ("local.sim.aer", IONQ)]
    created = jobs[0].details.creation_time
    found = workspace.list_jobs(
        name_match="a te",
        provider=["local", "rigetti"],
        target=["local.sim.aer"],
        status=["Succeeded"],
        created_after=created,
        created_before=created + timedelta(days=1),
    )
    assert [job.id for job in found] == [jobs[0].id]
    items = workspace.list_top_level_items(item_type=["Job"], provider=["ionq"])
    assert [item.id for item in items] == [jobs[1].id]


def test_a_job_can_be_changed(workspace: Client) -> None:
    """Name, priority and tags."""
    job = workspace.update_job(submit(workspace), name="new", priority="High", tags=["a"])
    assert (job.details.name, job.details.priority, job.details.tags) == ("new", "High", ["a"])


def test_an_id_can_be_used_once(workspace: Client, emulator: RunningEmulator) -> None:
    """A second submission under an id conflicts, and the emulator tells how many there were."""
    job = finished(submit(workspace))
    with pytest.raises(ResourceExistsError, match="JobAlreadyExists"):
        Job(workspace, job.details).submit()
    assert emulator.control.get("/emulator/jobs").json() == [
        {
            "id": job.id,
            "name": job.details.name,
            "target": "local.sim.aer",
            "status": "Succeeded",
            "putAttempts": 2,
            "queueDelay": 0.0,
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


def test_a_wrong_key_opens_nothing(emulator: RunningEmulator) -> None:
    """The SDK reports that it was not let in."""
    key = AzureKeyCredential("wrong")
    with (
        emulator.connect(credential=key) as stranger,
        pytest.raises(ClientAuthenticationError),
    ):
        next(iter(stranger.list_jobs()), None)


def test_another_workspace_is_not_found(emulator: RunningEmulator) -> None:
    """The SDK reports that there is no such workspace."""
    with emulator.connect(name="other") as stranger, pytest.raises(ResourceNotFoundError):
        stranger.get_job(str(uuid.uuid4()))


def test_a_running_job_is_cancelled(workspace: Client) -> None:
    """Cancelling stops the computation, and jobs that wait behind it run."""
    running, waiting, behind = submit(workspace, text.ENDLESS), submit(workspace), submit(workspace)
    wait_for(running, "Executing")
    workspace.cancel_job(waiting)
    workspace.cancel_job(running)
    assert finished(running).details.status == "Cancelled"
    assert finished(waiting).details.status == "Cancelled"
    assert finished(behind).details.status == "Succeeded"


def test_a_deleted_job_is_gone(workspace: Client, emulator: RunningEmulator) -> None:
    """A job can be deleted while it runs; what it computes then is nobody's."""
    job = submit(workspace, text.ENDLESS)
    wait_for(job, "Executing")
    workspace.delete_job(job)
    with pytest.raises(ResourceNotFoundError):
        workspace.get_job(job.id)
    assert finished(submit(workspace)).details.status == "Succeeded"


def test_a_session_goes_on_without_a_deleted_job(workspace: Client) -> None:
    """A job that is deleted while it runs does not keep its session from ending."""
    target = workspace.get_targets("local.sim.aer")
    session = target.open_session()
    job = target.submit(text.ENDLESS, input_data_format="qir.v1", output_data_format=V2)
    wait_for(job, "Executing")
    workspace.delete_job(job)
    session.close()
    assert session.details.status == "Succeeded"


def wait_for(job: Job, status: str) -> None:
    """Wait until *job* has *status*."""
    deadline = time.monotonic() + PATIENCE
    while job.details.status != status:
        assert time.monotonic() < deadline, job.details.status
        time.sleep(0.02)
        job.refresh()


FLIP = b'{"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}'
TEST, RAW = "Microsoft.Test.FirstParty", "rawOutputData"


@pytest.mark.parametrize(
    ("target", "source", "results", "blob"),
    [
        ("echo-output", "microsoft.quantum-log.v1", "microsoft.quantum-log.v1", RAW),
        ("echo-output", "qir.v1", "microsoft.quantum-log.v1", RAW),
        ("echo-output", "qir.v1", "microsoft.quantum-results.v2", "outputData"),
        ("echo-quantinuum", "qir.v1", "honeywell.qir.v1", RAW),
        (IONQ, "ionq.circuit.v1", "ionq.quantum-results.v1", RAW),
        (IONQ, "qir.v1", "microsoft.quantum-results.v1", "outputData"),
        (IONQ, "qir.v1", V2, "outputData"),
    ],
)
def test_only_what_the_service_translates_is_not_raw(
    workspace: Client, target: str, source: str, results: str, blob: str
) -> None:
    """A log is the provider's own format, though its name begins as those of the service do."""
    job = finished(
        Job.from_input_data(
            workspace=workspace,
            name="a test",
            target=target,
            provider_id="ionq" if target == IONQ else TEST,
            input_data=FLIP if source == "ionq.circuit.v1" else GHZ,
            content_type="application/json",
            input_data_format=source,
            output_data_format=results,
        )
    )
    assert job.details.status == "Succeeded"
    assert urlsplit(job.details.output_data_uri).path.endswith(f"/{blob}")
