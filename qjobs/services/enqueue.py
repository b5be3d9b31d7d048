"""Enqueueing of accepted jobs, for the functions with queue triggers."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from qjobs.domain.errors import TransientError
from qjobs.domain.job import Job
from qjobs.ports import Receipt, WorkQueue

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Queue the message that starts or cancels an accepted job."""

    queue: WorkQueue

    async def __call__(self, job: Job, delay: float = 0.0) -> Receipt | None:
        """Queue the message; without it the job is late, not lost, so that is no error.

        The caller has the job from here on: an error instead of it would have him submit a second
        one, while reconciliation starts the first.
        """
        try:
            return await self.queue.send(job.message(), delay)
        except TransientError as error:
            reason, action = error.detail, {"action": "enqueue_failed"}
            _log.warning("Job %s waits for reconciliation: %s", job.id, reason, extra=action)
            return None
