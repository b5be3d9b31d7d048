"""Start: carries an accepted job on in the process that accepted it; its message is the net."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import TransientError
from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import Receipt, Stored, WorkQueue
from qjobs.services.attempt import Attempt
from qjobs.services.dispatch import Dispatch
from qjobs.services.enqueue import Enqueue
from qjobs.services.outcome import Outcome
from qjobs.services.query import ReadOutcome
from qjobs.services.signals import Signals

_log = logging.getLogger(__name__)

PLACES = 8
"""Jobs that a process works on at a time beside those of its queues."""
PLACES_OF_OWNER = 4
"""Those of one caller, so that another one's single job finds a place whatever he submits."""
HIDDEN = 10.0
"""Seconds until the queues take over a job whose process has died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Start an accepted job, here if one of a bounded number of places is free.

    A listener of a queue looks for messages up to two seconds apart, which a quick job need not
    wait for. Its message is sent all the same, hidden for a while, and taken back when the work
    here is done. If the process dies, the message becomes visible; whoever comes second finds the
    steps that are placed. With no place free the message is visible at once.
    """

    dispatch: Dispatch
    attempt: Attempt
    queue: WorkQueue
    enqueue: Enqueue
    read: ReadOutcome
    signals: Signals
    patience: timedelta
    """The longest time that a job keeps its place."""
    _places: Counter[str] = field(default_factory=Counter)
    """Places that are taken, by owner."""
    _working: set[asyncio.Task[None]] = field(default_factory=set)
    """References, without which the event loop would forget what goes on in the background."""

    async def __call__(self, stored: Stored, content: JSONObject, wait: float = 0.0) -> Outcome:
        """Return the outcome of a job as soon as it is final or *wait* seconds have passed.

        Args:
            stored: the job, just created
            content: its input, as it is stored
            wait: in seconds; the work goes on after that if it has to

        """
        job = stored.job
        if not self._take_place(job.owner):
            await self.enqueue(job)
            return await self.read(job.owner, job.id, wait) if wait else Outcome(job)
        loop = asyncio.get_running_loop()
        net = loop.create_task(self._net(job))
        if not wait:
            # Whoever has this response may count on the message. The work begins after it, so that
            # it does not slow it down.
            await asyncio.wait({net})
            self._begin(stored, content, net)
            return Outcome(job)
        until = loop.time() + wait
        ended = loop.create_task(self.signals.wait(job.id, wait))
        work = self._begin(stored, content, net)
        await asyncio.wait({ended, work}, return_when=asyncio.FIRST_COMPLETED)
        # The work may be over without an end: then the job goes on in the queues.
        outcome = ended.result() if ended.done() else None
        ended.cancel()
        if outcome is not None:
            return outcome
        return await self.read(job.owner, job.id, max(0.0, until - loop.time()))

    def _begin(
        self, stored: Stored, content: JSONObject, net: asyncio.Task[Receipt | None]
    ) -> asyncio.Task[None]:
        work = asyncio.get_running_loop().create_task(self._work(stored, content, net))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return work

    def _take_place(self, owner: str) -> bool:
        if self._places.total() >= PLACES or self._places[owner] >= PLACES_OF_OWNER:
            return False
        self._places[owner] += 1
        return True

    def _leave_place(self, owner: str) -> None:
        self._places[owner] -= 1
        if not self._places[owner]:
            del self._places[owner]

    async def _net(self, job: Job) -> Receipt | None:
        return await self.enqueue(job, HIDDEN)

    async def _work(
        self, stored: Stored, content: JSONObject, net: asyncio.Task[Receipt | None]
    ) -> None:
        async def work(message: Message) -> None:
            await self.dispatch.advance(stored, content, message, self.patience)

        job = stored.job
        try:
            await self.attempt.in_place(job.message(), work)
            receipt = await net
            if receipt is not None:
                await self.queue.delete(receipt)
        except TransientError as error:
            _log.warning("Job %s is left to its message: %s", job.id, error.detail)
        finally:
            self._leave_place(job.owner)
