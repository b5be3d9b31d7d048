"""The emulator as a process: how it starts, what it leaves behind, what it costs in storage."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from azure.core.credentials import AzureKeyCredential
from azure.quantum import Job, Workspace

from localdev import azurite as azurite_process
from localdev.azurite import ROOT
from localdev.transactions import Transactions
from tests.unit.emulator import qir_text as text

if TYPE_CHECKING:
    from collections.abc import Iterator

COIN = text.module(
    [text.call("h__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
    qubits=1,
    results=1,
)
LONG = text.module(
    [
        *(text.call("rx__body", "double 0.1", text.qubit(q)) for _ in range(40) for q in range(25)),
        text.measure(0, 0),
        *text.register(0),
    ],
    qubits=25,
    results=1,
)


@contextlib.contextmanager
def running(
    storage: str, directory: Path, *arguments: str
) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Run the emulator; the value is the process and the content of its ready file."""
    ready_file = directory / f"{uuid.uuid4()}.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "localdev.emulator", "--ready-file", ready_file, *arguments],
        cwd=ROOT,
        env=os.environ | {"QJOBS_EMULATOR_STORAGE": storage},
    )
    try:
        deadline = time.monotonic() + 60
        while not ready_file.exists():
            assert process.poll() is None, f"exited with {process.returncode}"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield process, json.loads(ready_file.read_text())
    finally:
        process.kill()
        process.wait()


def submit(facts: dict[str, Any], program: bytes) -> Job:
    """Submit a job."""
    workspace = Workspace(
        subscription_id=facts["subscriptionId"],
        resource_group=facts["resourceGroup"],
        name=facts["name"],
        location=facts["location"],
        credential=AzureKeyCredential(facts["apiKey"]),
        _quantum_endpoint=facts["url"],
    )
    return Job.from_input_data(
        workspace=workspace,
        name="a test",
        target="local.sim.aer",
        provider_id="local",
        input_data=program,
        content_type="qir.v1",
        input_data_format="qir.v1",
        output_data_format="microsoft.quantum-results.v2",
        input_params={"shots": 10},
    )


def children(pid: int) -> set[int]:
    """Return the processes that *pid* started."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if parent(int(entry.name)) == pid:
                found.add(int(entry.name))
    return found


def descendants(pid: int) -> set[int]:
    """Return the processes that *pid* started, and those they started."""
    return {found for child in children(pid) for found in (child, *descendants(child))}


def parent(pid: int) -> int:
    """Return the process that started *pid*."""
    return int(_stat(pid)[1])


def wait_for_end(pids: set[int]) -> None:
    """Wait until none of *pids* runs."""
    deadline = time.monotonic() + 10
    while left := {pid for pid in pids if _runs(pid)}:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.02)


def wait_for(job: Job, status: str) -> None:
    """Wait until *job* has *status*."""
    deadline = time.monotonic() + 30
    while job.details.status != status:
        assert time.monotonic() < deadline, job.details.status
        time.sleep(0.02)
        job.refresh()


def _runs(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return _stat(pid)[0] != "Z"
    return False


def _stat(pid: int) -> list[str]:
    """Return what the kernel tells of a process: its state, its parent and more."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def test_options_decide_which_workspace_it_is(azurite: str, tmp_path: Path) -> None:
    """The ready file says what the command line said, and where the emulator listens."""
    options = {
        "--api-key": "k",
        "--subscription-id": str(uuid.uuid4()),
        "--resource-group": "group",
        "--workspace": "mine",
        "--location": "westus",
    }
    arguments = [word for option in options.items() for word in option]
    with running(azurite, tmp_path, *arguments, "--quiet") as (_, facts):
        url = facts.pop("url")
        assert sorted(facts.values()) == sorted(options.values())
        answer = httpx.get(f"{url}emulator/jobs", headers={"x-ms-quantum-api-key": "k"})
        assert answer.json() == []


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(azurite: str, tmp_path: Path, sent: signal.Signals) -> None:
    """A signal ends it with status 0, though a program is running, and nothing stays behind."""
    with running(azurite, tmp_path) as (process, facts):
        wait_for(submit(facts, LONG), "Executing")
        started = descendants(process.pid)
        process.send_signal(sent)
        assert process.wait(timeout=10) == 0
        assert started
        wait_for_end(started)


def test_its_workers_end_with_it(azurite: str, tmp_path: Path) -> None:
    """Even a kill leaves no process behind."""
    with running(azurite, tmp_path, "--workers", "2") as (process, _):
        started = descendants(process.pid)
        process.kill()
        process.wait()
        assert len(started) >= 2
        wait_for_end(started)


@pytest.mark.parametrize("victim", ["worker", "its fork server"])
def test_a_dying_worker_fails_its_job_only(azurite: str, tmp_path: Path, victim: str) -> None:
    """The job that ran says so, and the jobs after it run in a new process."""
    with running(azurite, tmp_path, "--quiet") as (process, facts):
        job, behind = submit(facts, LONG), submit(facts, COIN)
        wait_for(job, "Executing")
        (worker,) = descendants(process.pid) - children(process.pid)
        os.kill(worker if victim == "worker" else parent(worker), signal.SIGKILL)
        wait_for(job, "Failed")
        assert job.details.error_data.code == "WorkerDied"
        wait_for(behind, "Succeeded")
        wait_for_end({worker})


def test_a_job_costs_three_storage_transactions(tmp_path: Path) -> None:
    """Besides the client's upload: its container, one read and one write."""
    log = tmp_path / "azurite.log"
    with (
        azurite_process.running(log) as storage,
        running(storage, tmp_path) as (_, facts),
    ):
        transactions = Transactions(log)
        before = transactions.snapshot()
        wait_for(submit(facts, COIN), "Succeeded")
        spent = transactions.since(before)
        assert sum(spent.values()) == 4, spent


def test_without_a_storage_account_it_does_not_start() -> None:
    """A missing connection string is told, and so is where it may come from."""
    result = subprocess.run(
        [sys.executable, "-m", "localdev.emulator"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "QJOBS_EMULATOR_STORAGE" in result.stderr
