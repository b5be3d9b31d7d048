"""Poison messages: those that the Functions host gave up after too many attempts."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from qjobs.domain import schedule
from qjobs.domain.errors import (
    ProcessingFailedError,
    UnknownJobError,
    UnreadableRecordError,
)
from qjobs.domain.messages import Message
from qjobs.ports import JobStore, WorkQueue
from qjobs.services.conclude import Conclude
from qjobs.services.withdraw import Withdraw
from qjobs.telemetry import Telemetry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Poison:
    """Send a poisoned message again, each time after a longer pause.

    What the host counts are crashes of its own and trouble with the storage: errors of a job
    never get here. So it fails only after half a day in which it has never been put back.
    """

    jobs: JobStore
    queue: WorkQueue
    conclude: Conclude
    withdraw: Withdraw
    telemetry: Telemetry

    async def __call__(self, text: str, invocation: str | None = None) -> None:
        """Process the *text* of a poison message; anything else is logged and dropped.

        Args:
            text: of the message
            invocation: W3C trace context of the function that received it

        """
        try:
            message = Message.decode(text)
        except ValueError:
            _log.exception("A poisoned message names no job.", extra={"action": "poison_dropped"})
            return
        about = {"qjobs.job.id": message.job_id}
        with self.telemetry.span("poison", about, parent=message.trace_parent, link=invocation):
            await self._process(message)

    async def _process(self, message: Message) -> None:
        try:
            stored = await self.jobs.get(message.owner, message.job_id)
        except UnknownJobError:
            _log.exception("A poisoned message names no job.", extra={"action": "poison_dropped"})
            return
        except UnreadableRecordError:
            # Of another version, for example. Who can read it finds the job overdue.
            _log.warning("A poisoned message is dropped.", extra={"action": "poison_dropped"})
            return
        job = stored.job
        if message.visits < job.visits or job.final:
            _log.info(
                "A poisoned message of job %s is old.", job.id, extra={"action": "poison_dropped"}
            )
            return
        revivals = message.revivals + 1
        if revivals <= schedule.MOST_REVIVALS:
            revived = replace(message.repeated(), revivals=revivals)
            await self.queue.send(revived, schedule.retry_delay(revivals, None))
            return
        await self.withdraw(await self.conclude.fail(stored, ProcessingFailedError()))
