"""The emulator in test suites: a pytest plugin with one fixture, and the context manager behind it.

In a `conftest.py`:

    pytest_plugins = ["localdev.emulator.testing"]

and in a test:

    def test_a_job(quantum_emulator):
        with quantum_emulator.connect() as workspace:
            target = workspace.get_targets("ionq.simulator")
            ...
"""

from __future__ import annotations

import os
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from azure.core.credentials import AzureKeyCredential
from azure.quantum import Workspace

from localdev.azurite import ROOT
from localdev.process import Process
from localdev.ready_file import read_ready_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START_TIMEOUT = 60.0  # seconds; it takes 2 on an idle machine


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """A running emulator."""

    facts: Mapping[str, Any]
    """The content of its ready file."""
    control: httpx.Client
    """Speaks to it with its key; its own paths begin with `/emulator`."""
    process: Process

    @property
    def url(self) -> str:
        """The address of the data plane."""
        return str(self.facts["url"])

    @property
    def api_key(self) -> str:
        """The key to the workspace."""
        return str(self.facts["apiKey"])

    @property
    def path(self) -> str:
        """The path that all operations of the workspace begin with."""
        return (
            f"/subscriptions/{self.facts['subscriptionId']}"
            f"/resourceGroups/{self.facts['resourceGroup']}"
            f"/providers/Microsoft.Quantum/workspaces/{self.facts['name']}"
        )

    def connect(self, **changes: Any) -> Workspace:  # noqa: ANN401 - arguments of the SDK
        """Return the SDK's workspace; *changes* are arguments of its constructor."""
        arguments = {
            "subscription_id": self.facts["subscriptionId"],
            "resource_group": self.facts["resourceGroup"],
            "name": self.facts["name"],
            "location": self.facts["location"],
            "credential": AzureKeyCredential(self.api_key),
            "_quantum_endpoint": self.url,
            "_workspace_kind": "V2",
        }
        return Workspace(**arguments | changes)

    def reset(self) -> None:
        """Forget all jobs and sessions, and start time and trouble anew."""
        self.control.post("/emulator/reset").raise_for_status()

    def configure(self, **settings: Any) -> None:  # noqa: ANN401 - as in the configuration file
        """Change settings of time and trouble: `configure(queueDelay="2h")`."""
        self.control.patch("/emulator/settings", json=settings).raise_for_status()

    def advance(self, by: str) -> None:
        """Let time go by: `advance("2h")`."""
        self.control.post("/emulator/clock/advance", json={"by": by}).raise_for_status()


@contextmanager
def running(
    directory: Path, *arguments: str, storage: str | None = None
) -> Iterator[RunningEmulator]:
    """Run the emulator for the length of a `with` block.

    Args:
        directory: for its log and its files
        arguments: of its command line besides `--ready-file` and `--data`
        storage: connection string of the storage account; without one it starts Azurite

    Raises:
        ProcessError: it did not start; the message has the end of its log.

    """
    ready_file = directory / f"emulator-{uuid.uuid4()}.json"
    line = [sys.executable, "-m", "localdev.emulator", "--ready-file", str(ready_file)]
    environment = {"QJOBS_EMULATOR_STORAGE": storage} if storage else {}
    process = Process(
        "emulator",
        [*line, "--data", str(directory / "emulator"), *arguments],
        log=directory / f"{ready_file.stem}.log",
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        facts = process.wait_until(lambda: read_ready_file(ready_file), START_TIMEOUT)
        headers = {"x-ms-quantum-api-key": facts["apiKey"]}
        with httpx.Client(base_url=facts["url"], headers=headers, timeout=30) as control:
            yield RunningEmulator(facts, control, process)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def quantum_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator, in memory and with its own Azurite, once for all tests."""
    with running(tmp_path_factory.mktemp("emulator"), "--in-memory", "--quiet") as emulator:
        yield emulator
