"""A worker process: runs programs one at a time, and can be restarted.

Every worker is an executor of its own with a single process: when one dies, exactly one job is
concerned. Processes are forked from a server that has imported Qiskit and holds no thread, so a new
one is ready in tens of milliseconds.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution import worker_process
from azure_quantum_emulator.execution.task import Completed, Task


class WorkerDiedError(Exception):
    """The process ended while it ran a program."""


class Worker:
    """A worker process; `start` it before use and again after its death."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._pid: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it can run another program, as far as is known."""
        return self._pid is not None

    async def start(self) -> None:
        """Start the process, in place of the last one if there was one, and warm it up.

        Raises:
            OSError: the process from which workers are forked does not answer.
            WorkerDiedError: the new process died at once.

        """
        self.stop()
        context = multiprocessing.get_context("forkserver")
        # Threads of OpenBLAS would not survive the fork.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        context.set_forkserver_preload([worker_process.PRELOAD])
        self._executor = ProcessPoolExecutor(1, context, worker_process.prepare)
        self._pid = await self._call(worker_process.warm_up)

    async def run(self, task: Task) -> Completed | JobError:
        """Run a program; return its output, or the error of the job.

        Raises:
            WorkerDiedError: the process died, or was killed.

        """
        return await self._call(worker_process.run, task)

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = None

    def stop(self) -> None:
        """End the process and wait for its end; may be called again."""
        self.kill()
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    async def _call[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._executor is None:
            raise WorkerDiedError
        try:
            return await asyncio.wrap_future(self._executor.submit(function, *args, **kwargs))
        except BrokenProcessPool as error:
            self._pid = None
            raise WorkerDiedError from error
