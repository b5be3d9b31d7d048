"""Takes accepted jobs through their life: read the input, run the program, write the output."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from azure.core.exceptions import AzureError

from localdev.emulator.errors import JobError
from localdev.emulator.execution.task import Completed, Task
from localdev.emulator.execution.worker import Worker, WorkerDiedError
from localdev.emulator.lifecycle import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from localdev.emulator.jobs import Job, JobStore
    from localdev.emulator.storage import BlobStorage

# While one job runs, the next ones' input is read and the last ones' output is written.
JOBS_PER_WORKER = 3

# Seconds before each attempt to replace a dead worker; what it is forked from may have died too.
RESTART_DELAYS = (0.0, 0.1, 1.0, 10.0)

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs in the order they come; a context manager that is warm inside its block."""

    def __init__(
        self, store: JobStore, storage: BlobStorage, workers: int, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._storage = storage
        self._now = now
        self._workers = [Worker() for _ in range(workers)]
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._busy: dict[str, Worker] = {}
        self._queue: asyncio.Queue[Job] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        for worker in self._workers:
            await self._ready(worker)
        for _ in range(JOBS_PER_WORKER * len(self._workers)):
            self._spawn(self._take_jobs())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            worker.stop()

    def submit(self, job: Job) -> None:
        """Have *job*, which is waiting, run in its turn."""
        self._queue.put_nowait(job)

    def cancel(self, job: Job) -> None:
        """Cancel *job*: at once if it waits, else as soon as what it is doing has stopped."""
        if job.status is Status.WAITING:
            self._move(job, Status.CANCELLED)
        elif job.status is Status.EXECUTING:
            self._move(job, Status.CANCELLATION_REQUESTED)
            if worker := self._busy.get(job.id):
                worker.kill()

    async def _take_jobs(self) -> None:
        while True:
            job = await self._queue.get()
            try:
                await self._process(job)
            except Exception:  # noqa: BLE001 - it fails the job that met it, not those behind it
                _log.exception("A job failed unexpectedly", extra={"job_id": job.id})
                self._conclude(job, JobError("InternalError", "The emulator has a fault: its log."))

    async def _process(self, job: Job) -> None:
        if not self._is(job, Status.WAITING):
            return
        try:
            source = await self._storage.read(job.input_blob)
        except AzureError as exc:
            uri = self._storage.uri(job.input_blob.container, job.input_blob.blob)
            message = f"The input {uri} could not be read: {_first_line(exc)}"
            self._conclude(job, JobError("InvalidInputData", message))
            return
        outcome = await self._compute(job, source)
        if isinstance(outcome, Completed):
            try:
                await self._storage.write(job.output_blob, outcome.output)
            except AzureError as exc:
                message = f"The output could not be written: {_first_line(exc)}"
                outcome = JobError("OutputNotWritten", message)
        if outcome is not None:
            self._conclude(job, outcome)

    async def _compute(self, job: Job, source: bytes) -> Completed | JobError | None:
        """Return what came of *job*, or None if nobody wants to know any more."""
        worker = await self._idle.get()
        if not self._is(job, Status.WAITING):  # cancelled meanwhile
            self._idle.put_nowait(worker)
            return None
        self._move(job, Status.EXECUTING)
        self._busy[job.id] = worker
        task = Task(
            job.target, source, job.input_data_format, job.input_params, job.output_data_format
        )
        try:
            outcome = await worker.run(task)
        except WorkerDiedError:
            self._spawn(self._replace(worker))
            return JobError("WorkerDied", "The process that ran the program ended unexpectedly.")
        except BaseException:
            self._idle.put_nowait(worker)
            raise
        finally:
            del self._busy[job.id]
        self._idle.put_nowait(worker)
        return outcome

    def _conclude(self, job: Job, outcome: Completed | JobError) -> None:
        """Give *job* its last status, unless it has one or is gone."""
        current = self._current(job)
        if current is None or current.is_finished:
            return
        if current.status is Status.CANCELLATION_REQUESTED:
            self._move(current, Status.CANCELLED)
        elif isinstance(outcome, JobError):
            self._move(current, Status.FAILED, outcome)
        else:
            self._move(current, Status.SUCCEEDED)

    def _current(self, job: Job) -> Job | None:
        """Return *job* as it is now, or None if it is gone, even if its id is in use again."""
        current = self._store.find(job.id)
        return current if current is not None and current.created == job.created else None

    def _is(self, job: Job, status: Status) -> bool:
        current = self._current(job)
        return current is not None and current.status is status

    def _move(self, job: Job, status: Status, error: JobError | None = None) -> None:
        self._store.update(job.moved(status, self._now(), error))

    async def _replace(self, worker: Worker) -> None:
        for delay in RESTART_DELAYS:
            await asyncio.sleep(delay)
            try:
                await self._ready(worker)
            except (OSError, WorkerDiedError):
                _log.warning("A worker could not be started again", exc_info=True)
            else:
                return
        _log.error("A worker is given up")

    async def _ready(self, worker: Worker) -> None:
        await worker.start()
        self._idle.put_nowait(worker)

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _first_line(exc: Exception) -> str:
    return str(exc).partition("\n")[0]
