"""Simulated time and faults on request, as the unmodified SDK meets them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.quantum import Job, Workspace

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support import qir_text as text
from emulator_support.patience import PATIENCE

CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}
IONQ, QPU = "ionq.simulator", "ionq.qpu.forte-1"


@pytest.fixture
def workspace(emulator: RunningEmulator) -> Iterator[Workspace]:
    """Return the SDK's workspace, with no job in it and no fault to come."""
    emulator.reset()
    with emulator.connect() as connected:
        yield connected
    emulator.reset()


def submit(workspace: Workspace, target: str = IONQ, name: str = "a job") -> Job:
    """Submit a job."""
    return workspace.get_targets(target).submit(CIRCUIT, name=name, shots=10)


def status(job: Job) -> object:
    """Return the status of a job as it is now, which is equal to its name."""
    job.refresh()
    return job.details.status


def wait_for(job: Job, expected: str) -> None:
    """Wait until a job has a status."""
    deadline = time.monotonic() + PATIENCE
    while (current := status(job)) != expected:
        assert time.monotonic() < deadline, current
        time.sleep(0.01)


def fault(emulator: RunningEmulator, kind: str = "faults", **rule: object) -> None:
    """Add a fault."""
    emulator.control.post(f"/emulator/{kind}", json=rule).raise_for_status()


def hits(emulator: RunningEmulator) -> list[int]:
    """Return how often each fault hit."""
    listed = emulator.control.get("/emulator/faults").json()["value"]
    return [rule["hits"] for rule in listed]


def test_days_in_a_queue_pass_at_once(workspace: Workspace, emulator: RunningEmulator) -> None:
    """A job waits for its turn by the emulator's clock, which its times are from."""
    emulator.configure(targets={QPU: {"queueDelay": "13d"}})
    job, other = submit(workspace, QPU), submit(workspace)
    wait_for(other, "Succeeded")
    emulator.advance("12d")
    assert status(job) == "Waiting"
    assert job.details.quantum_computing_data.count == 1  # its provider has it since
    emulator.advance("1d")
    wait_for(job, "Succeeded")
    waited = job.details.begin_execution_time - job.details.creation_time
    assert 13 <= waited.total_seconds() / 86_400 < 13.01


def test_a_queue_is_the_same_for_the_same_seed(
    workspace: Workspace, emulator: RunningEmulator
) -> None:
    """Drawn delays repeat after a reset."""
    delay = {"distribution": "lognormal", "median": "2h", "sigma": 1}
    waits = []
    for _ in range(2):
        emulator.reset()
        emulator.configure(seed=7, queueDelay=delay)
        jobs = [submit(workspace) for _ in range(3)]
        emulator.advance("365d")
        for job in jobs:
            wait_for(job, "Succeeded")
        listed = emulator.control.get("/emulator/jobs").json()
        waits.append([job["queueDelay"] for job in reversed(listed)])
    assert waits[0] == waits[1]
    assert len(set(waits[0])) == 3


def test_a_session_waits_in_the_queue_once(workspace: Workspace, emulator: RunningEmulator) -> None:
    """Its first job waits for its turn, those that follow have it; a job outside waits again."""
    emulator.configure(targets={QPU: {"queueDelay": "13d"}})
    target = workspace.get_targets(QPU)
    with target.open_session():
        first = target.submit(CIRCUIT, name="first", shots=10)
        beside = target.submit(CIRCUIT, name="beside", shots=10)
        emulator.advance("13d")
        wait_for(first, "Succeeded")
        wait_for(beside, "Succeeded")
        following, outside = target.submit(CIRCUIT, name="next", shots=10), submit(workspace, QPU)
        wait_for(following, "Succeeded")

    assert status(outside) == "Waiting"


def test_an_execution_takes_its_time(workspace: Workspace, emulator: RunningEmulator) -> None:
    """A job executes as long as it is told to, and can be cancelled meanwhile."""
    emulator.configure(executionTime="1h")
    job, unwanted = submit(workspace), submit(workspace)
    wait_for(job, "Executing")
    wait_for(unwanted, "Executing")
    workspace.cancel_job(unwanted)
    wait_for(unwanted, "Cancelled")
    emulator.advance("1h")
    wait_for(job, "Succeeded")


def test_a_computation_is_cancelled_at_once(
    workspace: Workspace, emulator: RunningEmulator
) -> None:
    """However long its execution is to take."""
    emulator.configure(executionTime="1h")
    target = workspace.get_targets("local.sim.aer")
    job = target.submit(
        text.ENDLESS, input_data_format="qir.v1", output_data_format="microsoft.quantum-results.v2"
    )
    wait_for(job, "Executing")
    workspace.cancel_job(job)
    wait_for(job, "Cancelled")


def test_a_target_is_unavailable(workspace: Workspace, emulator: RunningEmulator) -> None:
    """It says so, and its jobs wait until it is back."""
    emulator.configure(targets={IONQ: {"availability": "Unavailable", "averageQueueTime": "2d"}})
    target = workspace.get_targets(IONQ)
    assert target.current_availability == "Unavailable"
    assert target.average_queue_time == 2 * 86_400
    job = submit(workspace)
    time.sleep(0.2)
    assert status(job) == "Waiting"
    emulator.configure(targets={IONQ: {"availability": "Available"}})
    wait_for(job, "Succeeded")


@pytest.mark.parametrize("rule", [{"status": 429, "retryAfter": 1}, {"status": 503}])
def test_the_sdk_tries_again(
    workspace: Workspace, emulator: RunningEmulator, rule: dict[str, Any]
) -> None:
    """Throttled or turned away, it comes back, and the job is submitted once."""
    fault(emulator, operation="jobs.create", times=2, **rule)
    started = time.monotonic()
    wait_for(submit(workspace), "Succeeded")
    assert hits(emulator) == [2]
    assert time.monotonic() - started > 2 * rule.get("retryAfter", 0)
    (job,) = emulator.control.get("/emulator/jobs").json()
    assert job["putAttempts"] == 1


def test_the_service_says_why(workspace: Workspace, emulator: RunningEmulator) -> None:
    """An error that stays has the service's shape."""
    fault(emulator, operation="jobs.create", status=403, code="Forbidden", message="Not today.")
    with pytest.raises(HttpResponseError, match="Not today") as raised:
        submit(workspace)
    assert raised.value.status_code == 403
    assert raised.value.error is not None
    assert raised.value.error.code == "Forbidden"


@pytest.mark.parametrize("what", ["request", "answer", "body"])
def test_a_connection_breaks(emulator: RunningEmulator, workspace: Workspace, what: str) -> None:
    """The client sees no answer, or half of one; whether the work was done is another matter."""
    job = submit(workspace)
    wait_for(job, "Succeeded")
    fault(emulator, operation="jobs.get", disconnect=what, times=1)
    with pytest.raises(httpx.TransportError):
        emulator.control.get(f"{emulator.path}/jobs/{job.id}?api-version=2026-01-15-preview")
    assert hits(emulator) == [1]
    assert status(job) == "Succeeded"


def test_a_lost_answer_is_not_a_lost_job(workspace: Workspace, emulator: RunningEmulator) -> None:
    """The SDK submits again, and meets the job that it submitted."""
    fault(emulator, operation="jobs.create", disconnect="answer", times=1)
    errors = (HttpResponseError, ServiceRequestError, ServiceResponseError)
    with pytest.raises(errors, match="JobAlreadyExists"):
        submit(workspace)
    (job,) = emulator.control.get("/emulator/jobs").json()
    assert job["putAttempts"] == 2


def test_a_slow_answer_comes(workspace: Workspace, emulator: RunningEmulator) -> None:
    """An answer is late by what is asked for."""
    fault(emulator, operation="providerStatus", delay="300ms")
    started = time.monotonic()
    workspace.get_targets(IONQ)
    assert time.monotonic() - started >= 0.3


def test_jobs_fail_on_request(workspace: Workspace, emulator: RunningEmulator) -> None:
    """A number of them, by name, with an error of the service's shape; the others run."""
    fault(emulator, "jobFaults", name="bad*", times=1, code="ProviderTimeout", message="Too slow.")
    bad, good, later = submit(workspace, name="bad 1"), submit(workspace), submit(workspace)
    for job in (bad, good, later):
        job.wait_until_completed(print_progress=False)
    assert [status(job) for job in (bad, good, later)] == ["Failed", "Succeeded", "Succeeded"]
    assert bad.details.error_data.code == "ProviderTimeout"
    with pytest.raises(RuntimeError, match="Too slow"):
        bad.get_results()


def test_a_job_hangs_until_it_is_cancelled(workspace: Workspace, emulator: RunningEmulator) -> None:
    """It executes, whatever the time is, and nobody waits for it."""
    fault(emulator, "jobFaults", hang=True, times=1)
    stuck, behind = submit(workspace), submit(workspace)
    wait_for(behind, "Succeeded")
    emulator.advance("30d")
    assert status(stuck) == "Executing"
    workspace.cancel_job(stuck)
    assert status(stuck) == "Cancelled"


def test_a_quota_runs_out(workspace: Workspace, emulator: RunningEmulator) -> None:
    """What jobs use counts, and an exhausted quota stops its provider alone."""
    quotas = [
        {"dimension": "ehqc", "providerId": "quantinuum", "limit": 100},
        {"dimension": "gs1q", "providerId": "ionq", "limit": 100},
    ]
    emulator.configure(quotas=quotas)
    program = "OPENQASM 2.0; include 'qelib1.inc'; qreg q[1]; creg c[1]; measure q -> c;"
    target = workspace.get_targets("quantinuum.sim.h2-1e")
    target.submit(program.replace("'", '"'), shots=10).get_results()
    used = {quota["dimension"]: quota["utilization"] for quota in workspace.get_quotas()}
    assert used["ehqc"] > 5
    exhausted = {"providerId": "quantinuum", "dimension": "ehqc"}
    emulator.control.post("/emulator/quotas/exhaust", json=exhausted).raise_for_status()
    with pytest.raises(HttpResponseError, match="QuotaExceeded"):
        target.submit(program, shots=10)
    wait_for(submit(workspace), "Succeeded")


def test_signatures_expire(workspace: Workspace, emulator: RunningEmulator) -> None:
    """An address that was given out is good for as long as is asked for."""
    job = submit(workspace)
    wait_for(job, "Succeeded")
    lifetime = timedelta(hours=1)
    emulator.configure(sasLifetime="1h")
    before = datetime.now(UTC)
    job.refresh()
    address = job.details.output_data_uri
    expiry = datetime.fromisoformat(parse_qs(urlsplit(address).query)["se"][0])
    # Signatures of one twenty-fourth of the lifetime are the same.
    assert before + lifetime * 22 / 24 < expiry <= datetime.now(UTC) + lifetime
    assert httpx.get(address, timeout=PATIENCE).status_code == 200
    emulator.configure(sasLifetime="1s")
    job.refresh()
    deadline = time.monotonic() + PATIENCE
    while httpx.get(job.details.output_data_uri, timeout=PATIENCE).status_code != 403:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert httpx.get(address, timeout=PATIENCE).status_code == 200
