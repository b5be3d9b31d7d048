"""The hidden message of a job that a process works on; it takes over if the process dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qjobs.domain.errors import TransientError
from qjobs.domain.job import Job
from qjobs.ports import Receipt, WorkQueue
from qjobs.services.enqueue import Enqueue

_log = logging.getLogger(__name__)

HIDDEN = 10.0
"""Seconds until the queues take over a job whose process has died."""
_RENEWALS = 3
"""In that time: two that fail are no loss."""


class HiddenMessage:
    """The message of a job: sent at once, hidden, and kept so while the job is worked on here."""

    def __init__(self, job: Job, enqueue: Enqueue, queue: WorkQueue) -> None:
        """Begin to send it; a queue that does not respond leaves the job to reconciliation."""
        self._job, self._enqueue, self._queue = job, enqueue, queue
        self._receipt: Receipt | None = None
        self.sent = asyncio.get_running_loop().create_task(self._send())
        """Is done when the queue has it."""

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Keep it hidden inside the block; take it back at the end, unless the block raises."""
        renewal = asyncio.get_running_loop().create_task(self._renew())
        try:
            yield
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)
        await self.take_back()

    async def take_back(self) -> None:
        """Delete it."""
        await self.sent
        if self._receipt is not None:
            await self._queue.delete(self._receipt)

    async def _send(self) -> None:
        self._receipt = await self._enqueue(self._job, HIDDEN)

    async def _renew(self) -> None:
        await asyncio.shield(self.sent)
        while self._receipt is not None:
            await asyncio.sleep(HIDDEN / _RENEWALS)
            try:
                self._receipt = await self._queue.hide(self._receipt, HIDDEN)
            except TransientError as error:
                _log.warning("The message of job %s: %s", self._job.id, error.detail)
