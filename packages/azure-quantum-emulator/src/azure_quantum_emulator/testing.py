"""The emulator in test suites: a context manager, and the controls of a running emulator.

Under pytest there is nothing to import: `pytest_plugin` has a fixture.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from azure.core.credentials import AzureKeyCredential
from azure.quantum import Workspace

from azure_quantum_emulator.serving.ready_file import read_ready_file
from azure_quantum_emulator.supervision.azurite_program import FETCH_TIMEOUT
from azure_quantum_emulator.supervision.process import Process

START_TIMEOUT = 60.0  # seconds; it takes 2 on an idle machine, if Azurite is there


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """A running emulator, and requests to control it."""

    facts: Mapping[str, Any]
    """The content of its ready file."""
    control: httpx.Client
    """Speaks to it with its key; its own paths begin with `/emulator`."""
    process: Process

    @property
    def url(self) -> str:
        """The URL of the data plane."""
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
        """Forget all jobs and sessions, and begin the scenario anew."""
        self.control.post("/emulator/reset").raise_for_status()

    def configure(self, **settings: Any) -> None:  # noqa: ANN401 - as in the configuration file
        """Change settings of the scenario: `configure(queueDelay="2h")`."""
        self.control.patch("/emulator/settings", json=settings).raise_for_status()

    def advance(self, by: str) -> None:
        """Advance the clock: `advance("2h")`."""
        self.control.post("/emulator/clock/advance", json={"by": by}).raise_for_status()


@contextmanager
def running(
    directory: Path, *arguments: str, storage: str | None = None
) -> Iterator[RunningEmulator]:
    """Run the emulator for the length of a `with` block.

    Args:
        directory: for its log and its files
        arguments: of its command line besides `--ready-file`, and `--data` unless `--in-memory`
        storage: connection string of the storage account; without one it starts Azurite, which
            it may have to fetch first

    Raises:
        ProcessError: it did not start; the message has the end of its log.

    """
    ready_file = directory / f"emulator-{uuid.uuid4()}.json"
    line = [sys.executable, "-m", "azure_quantum_emulator", "--ready-file", str(ready_file)]
    state = () if "--in-memory" in arguments else ("--data", str(directory / "emulator"))
    environment = {"AZURE_QUANTUM_EMULATOR_STORAGE": storage} if storage else {}
    process = Process(
        "emulator",
        [*line, *state, *arguments],
        log=directory / f"{ready_file.stem}.log",
        cwd=Path.cwd(),  # where it looks for Azurite
        env=os.environ | environment,
    )
    timeout = START_TIMEOUT if storage else START_TIMEOUT + FETCH_TIMEOUT
    try:
        facts = process.wait_until(lambda: read_ready_file(ready_file), timeout)
        headers = {"x-ms-quantum-api-key": facts["apiKey"]}
        with httpx.Client(base_url=facts["url"], headers=headers, timeout=30) as control:
            yield RunningEmulator(facts, control, process)
    finally:
        process.stop()
