"""Input and output of a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_quantum_emulator.targets.usage import Usage


@dataclass(frozen=True, slots=True)
class Task:
    """A program to run: target, source, formats and `inputParams`."""

    target: str
    source: bytes
    """The content of the input blob."""
    input_format: str
    input_params: Mapping[str, Any]
    output_format: str
    memory: int | None = None
    """Mebibytes that the program may take; None sets no limit."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The result of a program that ran to its end."""

    output: bytes
    """What the output blob is to hold."""
    usage: Usage
