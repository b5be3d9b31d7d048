"""Starts the parts of the local stack in order, watches them, and stops them in reverse."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, cast

from azure_quantum_emulator.supervision.free_space import MEGABYTE, shortage
from azure_quantum_emulator.supervision.process import Process, ProcessError
from localdev.repository import ROOT
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Part
from localdev.stack.profiles import all_parts
from localdev.terminal.command_scope import StopSign

# The developer's own Azure must not decide what a local stack does.
_HIDDEN = (
    *("APPLICATIONINSIGHTS_", "AZURE_", "IDENTITY_", "LOCALDEV_", "OTEL_", "QJOBS_", "WEBSITE_"),
    "AzureWebJobs",
)


LEAST_SPACE = 64 * MEGABYTE
"""What must be free for logs and data; a stack that is idle writes less in a day."""


class NoSpaceError(Exception):
    """There is no room for the logs and the data of a stack."""


class StoppedError(Exception):
    """The stack was asked to stop before it was ready."""


class Stack:
    """The local stack; a context manager that is ready inside its `with` block.

    Nothing watches the parts by itself: `check` does, as often as it is called. Methods are for
    one thread, except that any thread or signal handler may set `stopping`.
    """

    def __init__(
        self,
        options: Options,
        parts: Callable[[Options], Sequence[Part]] = all_parts,
        on_start: Callable[[str, Path], None] = lambda _name, _log: None,
    ) -> None:
        """Prepare a stack.

        Args:
            options: how it is to run
            parts: makes its parts, in the order they start
            on_start: told the name and the log of each part as it is started

        """
        self.facts: StackFacts = {}
        """What each part said when it was ready, by its name: the content of the ready file."""
        self.stopping = StopSign()
        """Set it to make a start that is under way give up."""
        self._options = options
        self._parts = {part.name: part for part in parts(options)}
        self._processes: dict[str, Process] = {}
        self._may_die: set[str] = set()
        self._ready: set[str] = set()
        self._on_start = on_start

    def __enter__(self) -> Self:
        """Start every part.

        Raises:
            NoSpaceError: the disk is full; nothing was started.
            ProcessError: a part did not start; those before it are stopped again.
            StoppedError: `stopping` was set meanwhile; likewise.

        """
        self._options.directory.mkdir(parents=True, exist_ok=True)
        if full := shortage(self._options.directory, LEAST_SPACE):
            raise NoSpaceError(f"{full}, and a stack needs {LEAST_SPACE // MEGABYTE} MB")
        try:
            for name in self._parts:
                self.start(name)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str) -> None:
        """Start the part *name*, again where it was if it ran before, and wait for it.

        Raises:
            ProcessError: it did not get ready, or an earlier part died meanwhile.
            StoppedError: `stopping` was set meanwhile.

        """
        part = self._parts[name]
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        command = part.command(self.facts)
        environment = _environment() | dict(part.environment(self.facts))
        process = Process(name, command, log=log, cwd=ROOT, env=environment)
        self._processes[name] = process
        self._may_die.discard(name)
        self._ready.discard(name)
        self._on_start(name, log)

        def ready() -> Mapping[str, object] | None:
            if self.stopping.is_set():
                raise StoppedError
            self.check()
            return part.ready(process)

        said = process.wait_until(ready, part.start_timeout)
        self._ready.add(name)
        cast("dict[str, object]", self.facts)[name] = said

    def check(self) -> None:
        """Look whether every part still runs, and start those again that may end by themselves.

        Raises:
            ProcessError: one does not run, or does not start.
            StoppedError: `stopping` was set meanwhile.

        """
        for name in list(self._processes):
            # As it is now: while one part starts again, all of them are looked at too.
            process = self._processes[name]
            if process.exit_status is None or name in self._may_die:
                continue
            if not self._parts[name].restarts or name not in self._ready:
                raise process.death_error()
            self.start(name)

    def pid(self, name: str) -> int:
        """Return the process id of the part *name*."""
        return self._processes[name].pid

    def exit_status(self, name: str) -> int | None:
        """Return None while the part *name* runs, then what it exited with."""
        return self._processes[name].exit_status

    def log(self, name: str) -> Path:
        """Return the file that the part *name* writes to."""
        return self._options.directory / "logs" / f"{name}.log"

    def expect_death(self, name: str) -> None:
        """Let the part *name* die without taking the stack down, until it is started again."""
        self._may_die.add(name)

    def kill(self, name: str) -> None:
        """End the part *name* as a crash would; `start` brings it back."""
        self.expect_death(name)
        self._processes[name].kill()

    def restart(self, name: str) -> None:
        """Stop the part *name* as a deployment would, and start it again."""
        self.expect_death(name)
        self._processes[name].stop()
        self.start(name)

    def stop(self) -> None:
        """Stop every part, the last started first; may be called again."""
        while self._processes:
            _, process = self._processes.popitem()
            process.stop()


def _environment() -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_HIDDEN)}
    return inherited | {"PYTHONUNBUFFERED": "1", "QDK_PYTHON_TELEMETRY": "none"}


__all__ = ["NoSpaceError", "Options", "ProcessError", "Stack", "StoppedError"]
