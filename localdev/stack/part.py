"""A part of the local stack: one process, started and watched.

A part knows its command line, its environment and when it is ready. Its facts, which it has then,
are the address and the credentials by which later parts and people reach it. A part keeps its port
and its keys, so that it can be started again where it was.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, override
from urllib.parse import urlsplit

from azure_quantum_emulator.serving.http_server import HOST
from azure_quantum_emulator.serving.ready_file import read_ready_file
from azure_quantum_emulator.supervision.process import Process
from localdev.repository import ROOT
from localdev.stack.facts import StackFacts


class Profile(StrEnum):
    """A selection of parts, with the way in which they trust each other."""

    DIRECT = "direct"
    """No gateway: the functions ask for a function key."""
    KEYS = "keys"
    """A gateway for tokens; storage and workspace have keys."""
    KEYLESS = "keyless"
    """Identities, tokens and TLS everywhere, as on Azure."""


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """The built web page. Its port is chosen first: issuer and gateway have to know the origin."""

    port: int
    folder: Path

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{HOST}:{self.port}"


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a stack."""

    directory: Path
    """Where its logs, ready files and, if asked for, its state are."""
    app: Path = ROOT
    """Where the function app is."""
    fixed_ports: bool = False
    """Listen on the documented ports instead of free ones."""
    keep: bool = False
    """Keep what is stored in *directory* instead of in memory."""
    profile: Profile = Profile.KEYS
    """Which parts it has, and how they trust each other."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """App settings of the functions, over all others."""
    named_values: Mapping[str, str] = field(default_factory=dict)
    """Named values of the gateway's policies, over their defaults."""
    page: BuiltPage | None = None
    """The web page; without one nobody can sign in."""


class Part(ABC):
    """One process of the stack."""

    name: ClassVar[str]
    """What it is called in commands, logs and the ready file."""
    start_timeout: ClassVar[float] = 60.0
    """Seconds it may take to get ready; far more than it needs on an idle machine."""
    restarts: ClassVar[bool] = False
    """Whether it is started again when it ends by itself."""

    @abstractmethod
    def command(self, facts: StackFacts) -> Sequence[str]:
        """Return its command line, given the facts of the parts before it."""

    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        """Return its environment variables, given the facts of the parts before it."""
        del facts
        return {}

    @abstractmethod
    def ready(self, process: Process) -> Mapping[str, object] | None:
        """Return its facts, or None while it is starting."""


class ModulePart(Part):
    """A module of this package that writes a ready file once it answers."""

    module: ClassVar[str]

    def __init__(self, options: Options, port: int) -> None:
        self._port = port if options.fixed_ports else 0
        self._ready_file = options.directory / f"{self.name}.json"

    @abstractmethod
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        """Return its arguments besides `--port` and `--ready-file`."""

    @override
    def command(self, facts: StackFacts) -> Sequence[str]:
        self._ready_file.unlink(missing_ok=True)  # the last run's would be believed
        line = [sys.executable, "-m", self.module, *self.arguments(facts)]
        return [*line, "--port", str(self._port), "--ready-file", str(self._ready_file)]

    @override
    def ready(self, process: Process) -> Mapping[str, Any] | None:
        facts = read_ready_file(self._ready_file)
        if facts is not None:
            self._port = urlsplit(facts["url"]).port or 0
        return facts
