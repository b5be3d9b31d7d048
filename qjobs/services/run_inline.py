"""Inline execution: a job is started while its caller waits, without the queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import WorkQueue
from qjobs.services.query import Outcome, ReadOutcome

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInline:
    """Dispatch a job in the process that accepted it.

    A caller that sends `Prefer: wait` is spared the queue: the message that would start the job
    elsewhere is worked on here. If that fails it is queued after all; if the process dies, the
    job is overdue after a while like any other.
    """

    dispatch: Callable[[Message], Awaitable[None]]
    queue: WorkQueue
    read: ReadOutcome
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, job: Job, wait: float) -> Outcome:
        """Return the outcome of *job* as soon as it is final or *wait* seconds have passed.

        The work goes on after that if it has to.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        task = loop.create_task(self._work(job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=wait)
        if task.done():
            outcome = await self.read(job.owner, job.id)
            if outcome.job.final:
                return outcome
        return await self.read(job.owner, job.id, max(0.0, until - loop.time()))

    async def _work(self, job: Job) -> None:
        try:
            await self.dispatch(job.message())
        except Exception:  # noqa: BLE001 - nothing may be lost here
            # Whatever it was, the caller has its 202 and the job must go on.
            _log.exception("Job %s goes to the queue.", job.id, extra={"action": "inline_failed"})
            await self.queue.send(job.message().again())
