"""Function apps with queues of their own, which record their invocations."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from azure.storage.queue import QueueClient

HEAD = '''
from __future__ import annotations

import asyncio
import json
import logging
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def note(text: str) -> None:
    """Leave a line for the test to find; the host runs in the folder of the app."""
    with Path("notes.txt").open("a") as notes:
        notes.write(text + "\\n")

'''


@dataclass
class App:
    """An app in a folder, with queues that no other test uses."""

    folder: Path
    storage: str
    prefix: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")
    """What `%PREFIX%` stands for in the names of its queues."""

    @property
    def settings(self) -> dict[str, str]:
        """The app settings with which it finds its queues."""
        return {"AzureWebJobsStorage": self.storage, "PREFIX": self.prefix}

    def write(self, code: str, **extensions: dict[str, object]) -> None:
        """Write the functions, after HEAD, and a host.json with these extensions."""
        (self.folder / "function_app.py").write_text(HEAD + code)
        extensions.setdefault(
            "queues", {"messageEncoding": "none", "maxPollingInterval": "00:00:01"}
        )
        document = {"version": "2.0", "extensions": extensions}
        (self.folder / "host.json").write_text(json.dumps(document))

    def queue(self, suffix: str) -> QueueClient:
        """Return a client of one of its queues."""
        return QueueClient.from_connection_string(self.storage, f"{self.prefix}-{suffix}")

    def notes(self) -> list[str]:
        """Return what its functions have noted."""
        file = self.folder / "notes.txt"
        return file.read_text().splitlines() if file.exists() else []
