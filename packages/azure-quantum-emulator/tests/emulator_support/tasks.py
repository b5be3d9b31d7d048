"""Programs run in this process: those that must not fail, and those that may."""

from __future__ import annotations

import json
from typing import Any

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task

V2 = "microsoft.quantum-results.v2"


def completed(task: Task) -> Completed:
    """Return what came of a job that must not fail."""
    done = execute(task)
    assert isinstance(done, Completed), done
    return done


def outcomes(source: bytes, target: str, **params: object) -> list[Any] | JobError:
    """Return the different outcomes of a job, or why it failed; the most frequent one first."""
    done = execute(Task(target, source, "qir.v1", {"shots": 40, "seed": 1, **params}, V2))
    if isinstance(done, JobError):
        return done
    histogram = json.loads(done.output)["Results"][0]["Histogram"]
    return [one["Outcome"] for one in sorted(histogram, key=lambda one: -one["Count"])]
