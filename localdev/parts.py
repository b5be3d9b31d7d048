"""The parts of the local stack, in the order they start.

A part knows its command line, its environment and when it is ready; what it says then, its facts,
is what later parts and the people using the stack need to reach it. A part keeps its port and its
keys, so that it can be started again where it was. `all_parts` is the list to add one to.
"""

from __future__ import annotations

import secrets
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, override
from urllib.parse import urlsplit

from localdev import azurite
from localdev.ready_file import read_ready_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from localdev.process import Process

type Facts = dict[str, Any]
"""What one part says when it is ready; a JSON object."""

SETTINGS_FILE = azurite.ROOT / "local.settings.json.example"
WORKSPACE_PORT = 7072
FUNCTIONS_PORT = 7071


@dataclass(frozen=True, slots=True)
class Options:
    """How a stack is to run."""

    directory: Path
    """Where its logs, ready files and, if asked for, its state are."""
    fixed_ports: bool = False
    """Listen on the documented ports instead of free ones."""
    keep: bool = False
    """Keep what is stored in *directory* instead of in memory."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """App settings of the functions, over all others."""


class Part(ABC):
    """One process of the stack."""

    name: ClassVar[str]
    """What it is called in commands, logs and the ready file."""
    start_timeout: ClassVar[float] = 60.0
    """Seconds it may take to get ready; far more than it needs on an idle machine."""

    @abstractmethod
    def command(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        """Return its command line, given the facts of the parts before it."""

    def environment(self, facts: Mapping[str, Facts]) -> Mapping[str, str]:
        """Return what it needs in its environment, given the facts of the parts before it."""
        del facts
        return {}

    @abstractmethod
    def ready(self, process: Process) -> Facts | None:
        """Return its facts, or None while it is starting."""


class Storage(Part):
    """Azurite."""

    name = "storage"

    def __init__(self, options: Options) -> None:
        self._ports = azurite.FIXED_PORTS if options.fixed_ports else azurite.FREE_PORTS
        self._data = options.directory / "azurite" if options.keep else None

    @override
    def command(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        return azurite.command(self._ports, self._data)

    @override
    def ready(self, process: Process) -> Facts | None:
        ports = azurite.listening(process.output())
        if ports is None:
            return None
        self._ports = ports
        return {"connectionString": azurite.connection_string(ports)}


class ModulePart(Part):
    """A module of this package that writes a ready file once it answers."""

    module: ClassVar[str]

    def __init__(self, options: Options, port: int) -> None:
        self._port = port if options.fixed_ports else 0
        self._ready_file = options.directory / f"{self.name}.json"

    @abstractmethod
    def arguments(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        """Return its arguments besides `--port` and `--ready-file`."""

    @override
    def command(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        self._ready_file.unlink(missing_ok=True)  # the last run's would be believed
        line = [sys.executable, "-m", self.module, *self.arguments(facts)]
        return [*line, "--port", str(self._port), "--ready-file", str(self._ready_file)]

    @override
    def ready(self, process: Process) -> Facts | None:
        facts = read_ready_file(self._ready_file)
        if facts is not None:
            self._port = urlsplit(facts["url"]).port or 0
        return facts


class Workspace(ModulePart):
    """The emulator of the Azure Quantum workspace."""

    name = "workspace"
    module = "localdev.emulator"

    def __init__(self, options: Options) -> None:
        super().__init__(options, WORKSPACE_PORT)
        self._key = secrets.token_urlsafe(32)
        self._state = ["--data", str(options.directory / "workspace")]
        self._state += [] if options.keep else ["--in-memory"]

    @override
    def arguments(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        # With `=`, here and below, because a key may begin with a dash.
        return ["--quiet", f"--api-key={self._key}", *self._state]

    @override
    def environment(self, facts: Mapping[str, Facts]) -> Mapping[str, str]:
        return {"QJOBS_EMULATOR_STORAGE": facts[Storage.name]["connectionString"]}


class Functions(ModulePart):
    """The Functions host with this repository's app."""

    name = "functions"
    module = "localdev.host"

    def __init__(self, options: Options) -> None:
        super().__init__(options, FUNCTIONS_PORT)
        self._settings = options.settings
        self._keys = {role: secrets.token_urlsafe(32) for role in ("host", "master")}

    @override
    def arguments(self, facts: Mapping[str, Facts]) -> Sequence[str]:
        arguments = ["--app-dir", str(azurite.ROOT)]
        if SETTINGS_FILE.exists():
            arguments += ["--settings", str(SETTINGS_FILE)]
        return arguments + [f"--{role}-key={key}" for role, key in self._keys.items()]

    @override
    def environment(self, facts: Mapping[str, Facts]) -> Mapping[str, str]:
        workspace = facts[Workspace.name]
        return {
            "AzureWebJobsStorage": facts[Storage.name]["connectionString"],
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": workspace["subscriptionId"],
            "QJOBS_WORKSPACE_RESOURCE_GROUP": workspace["resourceGroup"],
            "QJOBS_WORKSPACE_NAME": workspace["name"],
            "QJOBS_WORKSPACE_LOCATION": workspace["location"],
            "QJOBS_WORKSPACE_ENDPOINT": workspace["url"],
            "QJOBS_WORKSPACE_API_KEY": workspace["apiKey"],
            "QJOBS_WORKSPACE_KIND": "V2",
            **self._settings,
        }


def all_parts(options: Options) -> list[Part]:
    """Return the parts of the local stack, each after those it needs."""
    return [Storage(options), Workspace(options), Functions(options)]
