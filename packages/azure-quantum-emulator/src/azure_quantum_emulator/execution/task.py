"""What goes into a worker process and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_quantum_emulator.targets.usage import Usage


@dataclass(frozen=True, slots=True)
class Task:
    """A program and how to run it."""

    target: str
    source: bytes
    """The content of the input blob."""
    input_format: str
    input_params: Mapping[str, Any]
    output_format: str


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of a program that ran to its end."""

    output: bytes
    """What the output blob is to hold."""
    usage: Usage
