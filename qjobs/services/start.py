"""Start: carries an accepted job on in the process that accepted it; its message is the net."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import TransientError
from qjobs.domain.job import Job
from qjobs.domain.messages import Message
from qjobs.ports import Stored, WorkQueue
from qjobs.services.attempt import Attempt
from qjobs.services.dispatch import Dispatch
from qjobs.services.enqueue import Enqueue
from qjobs.services.hidden_message import HiddenMessage
from qjobs.services.outcome import Outcome
from qjobs.services.places import Places, Turn
from qjobs.services.query import ReadOutcome
from qjobs.services.signals import Signals

_log = logging.getLogger(__name__)

PLACES = 8
"""Jobs that a process works on at a time beside those of its queues."""
PLACES_OF_OWNER = 4
"""Those of one caller, so that another one's single job finds a place whatever he submits."""
LINE_OF_OWNER = 32
"""Jobs of one caller that wait for one of them; further ones go to the queue at once."""
LINES = 256
"""Jobs that wait, of all callers: each is kept in memory with its input."""
LONGEST_TURN = 4.0
"""Seconds that a job waits for a place; then it goes to the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Start an accepted job, here if one of a bounded number of places is free soon.

    A listener of a queue looks for messages up to two seconds apart, which a quick job need not
    wait for. Its message is sent all the same, hidden for a while, and taken back when the work
    here is done. If the process dies, the message becomes visible; whoever comes second finds the
    steps that are placed. Where too many wait for a place the message is visible at once.
    """

    dispatch: Dispatch
    attempt: Attempt
    queue: WorkQueue
    enqueue: Enqueue
    read: ReadOutcome
    signals: Signals
    patience: timedelta
    """The longest time that a job keeps its place."""
    _places: Places = field(
        default_factory=lambda: Places(PLACES, PLACES_OF_OWNER, LINE_OF_OWNER, LINES)
    )
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
        turn = self._places.line_up(job.owner)
        if turn is None:
            await self.enqueue(job)
            return await self._read(job, wait) if wait else Outcome(job)
        loop = asyncio.get_running_loop()
        net = HiddenMessage(job, self.enqueue, self.queue)
        if not wait:
            # Whoever has this response may count on the message. The work begins after it, so that
            # it does not slow it down.
            await asyncio.wait({net.sent})
            self._begin(stored, content, net, turn)
            return Outcome(job)
        until = loop.time() + wait
        ended = loop.create_task(self.signals.wait(job.id, wait))
        work = self._begin(stored, content, net, turn)
        await asyncio.wait({ended, work}, return_when=asyncio.FIRST_COMPLETED)
        # The work may be over without an end: then the job goes on in the queues.
        outcome = ended.result() if ended.done() else None
        ended.cancel()
        if outcome is not None:
            return outcome
        return await self._read(job, max(0.0, until - loop.time()))

    async def _read(self, job: Job, wait: float) -> Outcome:
        """Return the outcome after a long poll; if it cannot be read, the job as it was accepted.

        An error instead of it would have the caller submit a second job.
        """
        try:
            return await self.read(job.owner, job.id, wait)
        except TransientError as error:
            _log.warning("Job %s cannot be read: %s", job.id, error.detail)
            return Outcome(job)

    def _begin(
        self, stored: Stored, content: JSONObject, net: HiddenMessage, turn: Turn
    ) -> asyncio.Task[None]:
        work = asyncio.get_running_loop().create_task(self._work(stored, content, net, turn))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return work

    async def _work(
        self, stored: Stored, content: JSONObject, net: HiddenMessage, turn: Turn
    ) -> None:
        async def work(message: Message) -> None:
            await self.dispatch.advance(stored, content, message, self.patience)

        job = stored.job
        try:
            async with (
                self._places.hold(job.owner, turn, LONGEST_TURN),
                net.held(),
            ):
                await self.attempt.in_place(job.message(), work)
        except TimeoutError:
            await self.enqueue(job)
            await net.take_back()
        except TransientError as error:
            _log.warning("Job %s is left to its message: %s", job.id, error.detail)
