"""What a worker process needs to know of a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """A program and how to run it."""

    target: str
    source: bytes
    """The content of the input blob."""
    input_params: Mapping[str, Any]
    output_format: str
