"""Tasks that must not fail."""

from __future__ import annotations

from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task


def completed(task: Task) -> Completed:
    """Return what came of a job that must not fail."""
    done = execute(task)
    assert isinstance(done, Completed), done
    return done
