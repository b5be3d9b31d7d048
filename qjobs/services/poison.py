"""Poison messages: those that the Functions host gave up after too many attempts."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from qjobs.domain.errors import ProcessingFailedError, UnknownJobError
from qjobs.domain.messages import Message
from qjobs.ports import JobStore
from qjobs.services.conclude import Conclude
from qjobs.services.withdraw import Withdraw

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Poison:
    """Fail the job of a poisoned message, so that no job ends silently."""

    jobs: JobStore
    conclude: Conclude
    withdraw: Withdraw

    async def __call__(self, text: str) -> None:
        """Process the *text* of a poison message; anything else is logged and dropped."""
        try:
            message = Message.decode(text)
            stored = await self.jobs.get(message.owner, message.job_id)
        except (ValueError, UnknownJobError):
            _log.exception("A poisoned message names no job.", extra={"action": "poison_dropped"})
            return
        await self.withdraw(stored.job)
        await self.conclude.fail(stored, ProcessingFailedError())
