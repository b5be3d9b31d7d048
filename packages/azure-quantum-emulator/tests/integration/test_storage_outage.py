"""A storage account that is gone for a while: jobs wait for it, as they would for the service's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.quantum import Job, Workspace

from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.supervision.process import Process
from azure_quantum_emulator.testing import RunningEmulator, running
from emulator_support.patience import PATIENCE

CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}


class Storage:
    """An Azurite that can be stopped and started again where it was, with what it had."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._ports = azurite.FREE_PORTS
        self.start()

    def start(self) -> None:
        """Start it."""
        line = azurite.command(self._ports, self._directory / "data")
        log = self._directory / "azurite.log"
        self._process = Process("azurite", line, log=log, cwd=Path.cwd())
        process = self._process
        self._ports = process.wait_until(lambda: azurite.listening(process.output()), PATIENCE)

    def stop(self) -> None:
        """Stop it."""
        self._process.stop(grace=PATIENCE)

    @property
    def connection_string(self) -> str:
        """Its connection string."""
        return azurite.connection_string(self._ports)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Start a storage account for one test."""
    started = Storage(tmp_path)
    yield started
    started.stop()


@pytest.fixture
def emulator(storage: Storage, tmp_path: Path) -> Iterator[RunningEmulator]:
    """Start an emulator on it."""
    connection_string = storage.connection_string
    with running(tmp_path, "--in-memory", "--quiet", storage=connection_string) as started:
        yield started


def submit(workspace: Workspace) -> Job:
    """Submit a job."""
    return workspace.get_targets("ionq.simulator").submit(CIRCUIT, shots=10)


def status(emulator: RunningEmulator) -> str:
    """Return the status of the one job; its full answer would need the account for signatures."""
    (job,) = emulator.control.get("/emulator/jobs").json()
    return str(job["status"])


def wait_for(emulator: RunningEmulator, expected: str) -> None:
    """Wait until the one job has a status."""
    deadline = time.monotonic() + PATIENCE
    while (current := status(emulator)) != expected:
        assert time.monotonic() < deadline, current
        time.sleep(0.05)


def wait_for_log(emulator: RunningEmulator, text: str) -> None:
    """Wait until the emulator has logged *text*."""
    deadline = time.monotonic() + PATIENCE
    while text not in emulator.process.output():
        assert time.monotonic() < deadline, emulator.process.tail()
        time.sleep(0.05)


def test_a_job_waits_for_its_input(storage: Storage, emulator: RunningEmulator) -> None:
    """It is not failed by an account that is down when its turn comes, and runs afterwards."""
    emulator.configure(queueDelay="1h")
    with emulator.connect() as workspace:
        job = submit(workspace)
        storage.stop()
        emulator.advance("1h")
        wait_for_log(emulator, "The input of a job cannot be read")
        assert status(emulator) == "Waiting"
        storage.start()
        wait_for(emulator, "Succeeded")
        assert job.get_results()["histogram"] == {"1": 1.0}


def test_a_job_waits_until_its_output_is_written(
    storage: Storage, emulator: RunningEmulator
) -> None:
    """It is finishing until then, and has its result afterwards."""
    emulator.configure(executionTime="1h")
    with emulator.connect() as workspace:
        job = submit(workspace)
        wait_for(emulator, "Executing")
        storage.stop()
        emulator.advance("1h")
        wait_for_log(emulator, "The output of a job cannot be written")
        assert status(emulator) == "Finishing"
        storage.start()
        wait_for(emulator, "Succeeded")
        assert job.get_results()["histogram"] == {"1": 1.0}


def test_a_job_that_waits_for_its_input_can_be_deleted(
    storage: Storage, emulator: RunningEmulator
) -> None:
    """At once, and it stays away when the account is back."""
    emulator.configure(queueDelay="1h")
    with emulator.connect() as workspace:
        job = submit(workspace)
        storage.stop()
        emulator.advance("1h")
        wait_for_log(emulator, "The input of a job cannot be read")
        path = f"{emulator.path}/jobs/{job.id}"
        emulator.control.delete(path, params={"api-version": "2026-01-15-preview"})
        assert emulator.control.get("/emulator/jobs").json() == []
        storage.start()
        emulator.configure(queueDelay=0)
        submit(workspace)
        wait_for(emulator, "Succeeded")
