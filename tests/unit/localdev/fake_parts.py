"""Tiny parts for the supervisor: no storage, no quantum, but real processes.

Run as a script it is `python -m localdev up` with these parts.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast, override

from azure_quantum_emulator.supervision.process import Process
from localdev.commands.up import add_arguments, run
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Part
from localdev.terminal.command_scope import failure

# Prints its facts and waits; says when it was asked to stop. `exec` of a statement makes it worse.
_PROGRAM = """
import json, os, signal, sys, time
def stop(*_):
    with open(sys.argv[2], "a") as events:
        events.write(sys.argv[1] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
exec(sys.argv[3])
print(json.dumps({"pid": os.getpid(), "url": "http://127.0.0.1:1", "key": "k",
                  "connectionString": "c", "needs": json.loads(sys.argv[4])}), flush=True)
while True:
    time.sleep(10)
"""


class FakePart(Part):
    """A process that is ready once it printed its facts."""

    def __init__(self, options: Options, name: str, needs: str | None, statement: str) -> None:
        self.restarts = name.startswith("functions")  # type: ignore[misc]  # likewise
        self.name = name  # type: ignore[misc]  # one class plays every part here
        self._events = options.directory / "stopped.txt"
        self._needs = needs
        self._statement = statement

    @override
    def command(self, facts: StackFacts) -> Sequence[str]:
        needs = said(facts, self._needs)["pid"] if self._needs else None
        arguments = [self.name, str(self._events), self._statement, json.dumps(needs)]
        return [sys.executable, "-c", _PROGRAM, *arguments]

    @override
    def ready(self, process: Process) -> dict[str, Any] | None:
        for line in process.output().splitlines():
            if line.startswith("{"):
                facts: dict[str, Any] = json.loads(line)
                return facts
        return None


def said(facts: StackFacts, name: str) -> dict[str, Any]:
    """Return what the fake part *name* said: more than a part of its name would."""
    return cast("dict[str, dict[str, Any]]", facts)[name]


def fake_parts(options: Options) -> list[Part]:
    """Return three parts, each needing the one before; `options.settings` are their statements."""
    needs = {"storage": None, "workspace": "storage", "functions": "workspace"}
    return [
        FakePart(options, name, needed, options.settings.get(name, ""))
        for name, needed in needs.items()
    ]


if __name__ == "__main__":
    import argparse

    def parts(options: Options) -> list[Part]:
        """Return the parts with the statements that the test gives."""
        return fake_parts(replace(options, settings=json.loads(os.environ["STATEMENTS"])))

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    try:
        sys.exit(run(parser.parse_args(), parts))
    except Exception as error:  # noqa: BLE001 - the command's own handler is one line longer
        sys.exit(failure(error))
