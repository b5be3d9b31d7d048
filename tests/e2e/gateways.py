"""One more gateway, over the functions of a running stack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from azure_quantum_emulator.supervision.process import Process
from localdev.repository import ROOT
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options
from localdev.stack.parts import Gateway


@contextmanager
def one_more_gateway(
    facts: StackFacts, directory: Path, named_values: Mapping[str, str], *arguments: str
) -> Iterator[str]:
    """Start a gateway beside that of the stack; yields its address."""
    part = Gateway(Options(directory, named_values=named_values))
    environment = os.environ | dict(part.environment(facts))
    command = [*part.command(facts), *arguments]
    log = directory / "gateway.log"
    process = Process("another gateway", command, log=log, cwd=ROOT, env=environment)
    try:
        yield process.wait_until(lambda: part.ready(process), part.start_timeout)["url"]
    finally:
        process.stop()
