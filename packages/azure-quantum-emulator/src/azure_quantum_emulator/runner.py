"""The job runner: queue, input blob, program, output blob.

A job waits until its target's queue lets it through, then for a worker. Whatever happens to it is
written to the store at once, so a runner that starts finds what the last one left unfinished.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Self

from azure.core.exceptions import AzureError

from azure_quantum_emulator.content_encoding import ContentError
from azure_quantum_emulator.errors import JobError, NotFoundError
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.output_events import OutputEvents
from azure_quantum_emulator.sessions import FailurePolicy
from azure_quantum_emulator.storage import BlobStorage
from azure_quantum_emulator.storage_retry import reason, repeat
from azure_quantum_emulator.store import Store
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.targets.pricing import cost_estimate
from azure_quantum_emulator.targets.usage import Usage
from azure_quantum_emulator.workers import Workers

# While one job runs, the next ones' input is read and the last ones' output is written.
JOBS_PER_WORKER = 3

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs in the order they come; a context manager that is warm inside its block."""

    def __init__(
        self,
        store: Store,
        storage: BlobStorage,
        workers: int,
        scenario: Scenario,
        events: OutputEvents | None = None,
    ) -> None:
        self._store = store
        self._events = events
        self._storage = storage
        self._scenario = scenario
        self._workers = Workers(workers)
        self._ready: asyncio.Queue[Job] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = False

    async def __aenter__(self) -> Self:
        await self._workers.start()
        self._running = True
        for _ in range(JOBS_PER_WORKER * self._workers.count):
            self._spawn(self._take_jobs())
        for job in self._store.unfinished_jobs():
            if job.given is None:
                self._take_up_again(job)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._workers.stop()

    def submit(self, job: Job) -> Job:
        """Give *job* to its provider, to run in its turn; return it with the time of its turn."""
        delay = 0 if self._is_ahead(job) else self._scenario.queue_delay(job.target)
        job = replace(job, sent=self._running, due=job.created + delay if delay else None)
        self._store.update(job)
        self._enqueue(job)
        return job

    def _is_ahead(self, job: Job) -> bool:
        """Return whether a job needs no turn: its session had one, with an earlier job."""
        if job.session_id is None:
            return False
        return self._store.has_begun(job.session_id)

    def cancel(self, job: Job) -> None:
        """Cancel *job*: at once if it waits, else as soon as what it is doing has stopped."""
        if job.status is Status.WAITING:
            self._finish(job, Status.CANCELLED)
        elif job.status is Status.EXECUTING:
            job = self._move(job, Status.CANCELLATION_REQUESTED)
            if not self._workers.stop_job(job.id):
                self._finish(job, Status.CANCELLED)

    def forget(self, job: Job) -> None:
        """Cancel *job*, and do not wait for what it is doing: it is about to be deleted."""
        self.cancel(job)
        current = self._current(job)
        if current is not None and not current.is_finished:
            self._leave_session(current, Status.CANCELLED)

    def _take_up_again(self, job: Job) -> None:
        """Go on with a job that the last runner did not finish."""
        if job.status is Status.CANCELLATION_REQUESTED:
            self._finish(job, Status.CANCELLED)
            return
        job = job.again()
        self._store.update(job)
        self._enqueue(job)

    def _enqueue(self, job: Job) -> None:
        if job.due is None and self._scenario.is_available(job.target):
            self._ready.put_nowait(job)
        else:
            self._spawn(self._queue(job))

    async def _queue(self, job: Job) -> None:
        if job.due is not None:
            await self._scenario.clock.sleep_until(job.due)
        await self._scenario.until_available(job.target)
        self._ready.put_nowait(job)

    async def _take_jobs(self) -> None:
        while True:
            job = await self._ready.get()
            await self._guard(job, self._process(job))

    async def _guard(self, job: Job, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - it fails the job that met it, not those behind it
            _log.exception("A job failed unexpectedly", extra={"job_id": job.id})
            self._conclude(job, JobError("InternalError", "The emulator has a fault: its log."))

    async def _process(self, job: Job) -> None:
        if not self._is(job, Status.WAITING):
            return
        if fault := self._scenario.job_fault(job.target, job.name):
            self._move(job, Status.EXECUTING)
            if fault.error is not None:
                self._conclude(job, fault.error)
            return  # else it executes for ever
        try:
            source = await self._read(job)
        except AzureError as error:
            # Not in place: the jobs behind it may have their input somewhere that responds.
            self._spawn(self._guard(job, self._read_again(job, error)))
        else:
            await self._run(job, source)

    async def _read(self, job: Job) -> bytes | JobError:
        """Return the input of a job, or the error that it is not in the encoding that it says."""
        try:
            return await self._storage.read(job.input_blob)
        except ContentError as error:
            message = f"The input {job.input_blob.blob} cannot be decoded: {error}."
            return JobError("InvalidInputData", message)

    async def _read_again(self, job: Job, error: AzureError) -> None:
        """Go on with a job whose input was refused with *error* once it can be read."""
        _log.warning("The input of a job cannot be read: %s", error, extra={"job_id": job.id})
        try:
            source = await repeat(
                lambda: self._read(job),
                error,
                lambda: self._is(job, Status.WAITING),
            )
        except AzureError as last:
            message = f"The input {job.input_blob.blob} could not be read: {reason(last)}."
            self._conclude(job, JobError("InvalidInputData", message))
        else:
            await self._run(job, source)

    async def _run(self, job: Job, source: bytes | JobError) -> None:
        if isinstance(source, JobError):
            self._conclude(job, source)
            return
        outcome = await self._compute(job, source)
        if outcome is None:
            return
        time = self._scenario.execution_time(job.target)
        if time and self._is(job, Status.EXECUTING):  # and not to be cancelled meanwhile
            self._spawn(self._guard(job, self._hold(job, outcome, time)))
        else:
            await self._write(job, outcome)

    async def _compute(self, job: Job, source: bytes) -> Completed | JobError | None:
        """Run the program of *job*; return its result, or None if it was cancelled meanwhile."""
        task = Task(
            job.target,
            source,
            job.input_data_format,
            job.input_params,
            job.output_data_format,
            self._scenario.memory_limit,
        )
        async with self._workers.idle() as worker:
            if not self._is(job, Status.WAITING):  # cancelled meanwhile
                return None
            self._move(job, Status.EXECUTING)
            return await self._workers.run(worker, job.id, task, self._scenario.time_limit)

    async def _hold(self, job: Job, outcome: Completed | JobError, time: int) -> None:
        """Keep a job executing for its configured execution time."""
        current = self._current(job)
        begun = current.begun if current is not None else None
        await self._scenario.clock.sleep_until((begun or job.created) + time)
        await self._write(job, outcome)

    async def _write(self, job: Job, outcome: Completed | JobError) -> None:
        """Write the output of a job, then give the job its final status."""
        if isinstance(outcome, Completed) and self._is(job, Status.EXECUTING):
            job = self._move(_finished(job), Status.FINISHING)
            try:
                await self._put(job, outcome.output)
            except AzureError as error:
                self._spawn(self._guard(job, self._write_again(job, outcome, error)))
                return
        self._conclude(job, outcome)

    async def _put(self, job: Job, output: bytes) -> None:
        """Write an output and announce it; a job is over only then, so that no event is lost."""
        blob = job.output_blob
        await self._storage.write(blob, output)
        if self._events is not None:
            url = self._storage.uri(blob.container, blob.blob)
            await self._events.created(blob, len(output), url)

    async def _write_again(self, job: Job, outcome: Completed, error: AzureError) -> None:
        """Conclude a job whose output was refused with *error* once it can be written."""
        _log.warning("The output of a job cannot be written: %s", error, extra={"job_id": job.id})
        last: Completed | JobError = outcome
        try:
            await repeat(
                lambda: self._put(job, outcome.output),
                error,
                lambda: self._is(job, Status.FINISHING),
            )
        except AzureError as refused:
            message = f"The output {job.output} could not be written: {reason(refused)}."
            last = JobError("OutputNotWritten", message)
        self._conclude(job, last)

    def _conclude(self, job: Job, outcome: Completed | JobError) -> None:
        """Give *job* its last status, unless it has one or is gone."""
        current = self._current(job)
        if current is None or current.is_finished:
            return
        if current.status is Status.CANCELLATION_REQUESTED:
            self._finish(current, Status.CANCELLED)
        elif isinstance(outcome, JobError):
            self._finish(_finished(current), Status.FAILED, outcome)
        else:
            cost = self._charge(current, outcome.usage)
            self._finish(replace(_finished(current), cost=cost), Status.SUCCEEDED)

    def _charge(self, job: Job, usage: Usage) -> dict[str, Any] | None:
        """Return the cost of a job, and charge it to the quotas; None where nothing is charged."""
        target = all_targets()[job.target]
        if not target.cost_dimensions:
            return None
        seconds = (self._scenario.clock.now() - (job.begun or job.created)) / 10**9
        mitigation = job.input_params.get("error-mitigation")
        mitigated = not isinstance(mitigation, dict) or mitigation.get("debias") is not False
        cost = cost_estimate(target, usage, seconds, mitigated=mitigated)
        self._scenario.quotas.charge(job.provider_id, cost)
        return cost

    def _finish(self, job: Job, status: Status, error: JobError | None = None) -> None:
        """Give *job* a final status, and update its session."""
        self._leave_session(self._move(job, status, error), status)

    def _leave_session(self, job: Job, status: Status) -> None:
        """Update the session of *job*, if it has one: the job is over."""
        if job.session_id is None:
            return
        try:
            before = self._store.session(job.session_id)
        except NotFoundError:  # forgotten by a reset
            return
        cost = float(job.cost["estimatedTotal"]) if job.cost else 0.0
        failed = status is Status.FAILED
        session = before.left(self._scenario.clock.now(), failed=failed, cost=cost)
        self._store.update(session)
        if failed and not before.is_over and session.policy is FailurePolicy.ABORT:
            for other in self._store.unfinished_jobs(session.id):
                self.cancel(other)

    def _current(self, job: Job) -> Job | None:
        """Return *job* as it is now, or None if it is gone, even if its id is in use again."""
        current = self._store.find_job(job.id)
        return current if current is not None and current.created == job.created else None

    def _is(self, job: Job, status: Status) -> bool:
        current = self._current(job)
        return current is not None and current.status is status

    def _move(self, job: Job, status: Status, error: JobError | None = None) -> Job:
        current = self._current(job) or job  # what the client has changed meanwhile is kept
        current = replace(current, output=job.output, cost=job.cost)
        moved = current.moved(status, self._scenario.clock.now(), error)
        self._store.update(moved)
        return moved

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _finished(job: Job) -> Job:
    """Return *job* with the blob where its output is when the provider is done with it."""
    formats = all_targets()[job.target].output_formats
    is_translated = job.output_data_format.startswith("microsoft.quantum-results.")
    is_native = job.output_data_format in formats and not is_translated
    return replace(job, output="rawOutputData") if is_native else job
