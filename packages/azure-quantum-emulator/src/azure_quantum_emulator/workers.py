"""The pool of worker processes; those that die are replaced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain, repeat

from azure_quantum_emulator.errors import JobError, LimitError
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.execution.worker import Worker, WorkerDiedError

RESTART_DELAYS = (0.0, 0.1, 1.0, 10.0)
"""Backoff: seconds before each attempt to replace a dead worker, the last one repeated; what it is
forked from may have died too."""

_log = logging.getLogger(__name__)


class Workers:
    """A pool of worker processes."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._workers = [Worker() for _ in range(count)]
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._running: dict[str, Worker] = {}
        self._replacing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start all of them."""
        for worker in self._workers:
            await worker.start()
            self._idle.put_nowait(worker)

    async def stop(self) -> None:
        """Kill all workers, also those that run a program."""
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        for worker in self._workers:
            worker.stop()

    @asynccontextmanager
    async def idle(self) -> AsyncIterator[Worker]:
        """Wait for a worker that has nothing to do; it is the caller's in the `with` block."""
        worker = await self._idle.get()
        try:
            yield worker
        finally:
            if worker.is_alive:
                self._idle.put_nowait(worker)
            else:
                task = asyncio.create_task(self._replace(worker))
                self._replacing.add(task)
                task.add_done_callback(self._replacing.discard)

    async def run(
        self, worker: Worker, job_id: str, task: Task, seconds: float
    ) -> Completed | JobError:
        """Run the program of a job on a worker that is the caller's, for so many seconds at most.

        A program that ends its process, or has to be ended with it, fails its own job.
        """
        self._running[job_id] = worker
        try:
            async with asyncio.timeout(seconds):
                return await worker.run(task)
        except TimeoutError:
            worker.kill()
            reason = f"The program was ended: it took longer than {seconds:g} s."
            return JobError(LimitError.code, reason)
        except WorkerDiedError:
            reason = (
                "The program ended the process that ran it: by a crash, or by taking more memory"
            )
            allowed = "." if task.memory is None else f" than the {task.memory} MiB of the limit."
            return JobError("WorkerDied", reason + allowed)
        finally:
            del self._running[job_id]

    def stop_job(self, job_id: str) -> bool:
        """End the process that runs a job; return whether there is one."""
        worker = self._running.get(job_id)
        if worker is not None:
            worker.kill()
        return worker is not None

    async def _replace(self, worker: Worker) -> None:
        for delay in chain(RESTART_DELAYS, repeat(RESTART_DELAYS[-1])):
            await asyncio.sleep(delay)
            try:
                await worker.start()
            except (OSError, WorkerDiedError):
                _log.warning("A worker could not be started again", exc_info=True)
            else:
                self._idle.put_nowait(worker)
                return
