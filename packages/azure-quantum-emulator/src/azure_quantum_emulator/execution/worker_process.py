"""The functions that run inside a worker process.

The server imports this module as well, to name the functions, so Qiskit is imported further down:
on the main thread of the process from which workers are forked, where it is there to stay.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing import connection

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution import memory_limit
from azure_quantum_emulator.execution.task import Completed, Task

PRELOAD = "azure_quantum_emulator.execution.execute"
"""The module that imports all a worker needs."""


def prepare() -> None:
    """Leave signals to the server, and end when it ends, however that happens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def warm_up() -> int:
    """Do the setup of the first program in advance; return the process id."""
    from azure_quantum_emulator.execution import simulators  # noqa: PLC0415 - see above

    simulators.warm_up()
    return os.getpid()


def run(task: Task) -> Completed | JobError:
    """Run a program."""
    from azure_quantum_emulator.execution.execute import execute  # noqa: PLC0415 - see above

    with memory_limit.of(task.memory):
        return execute(task)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
