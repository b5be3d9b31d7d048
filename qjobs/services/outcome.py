"""The outcome of a job: its record and, once it succeeded, its result."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.job import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job, with its result once it succeeded."""

    job: Job
    result: JSONObject | None = None
    """`result`, `counts` and `provenance`; None before there is a result."""
