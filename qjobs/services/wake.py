"""Waking: a job is looked at when storage announces an output of it, not at its next turn."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from qjobs.domain.errors import PermanentError, RequestError
from qjobs.domain.job import Status
from qjobs.domain.output_event import Origin, origin_of_output
from qjobs.ports import JobStore, WorkQueue
from qjobs.telemetry import Telemetry

_log = logging.getLogger(__name__)
_GATHER = 1.0
"""Seconds within which the outputs of a step's circuits are one look."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Send the message of the job that an announcement of storage is about.

    The message that waits becomes a double by that, and is dropped when its time comes. An
    announcement that comes twice, late or not at all is harmless: it is only a reason to look.
    """

    jobs: JobStore
    queue: WorkQueue
    telemetry: Telemetry

    async def __call__(self, announcement: str) -> None:
        """Look at the job of an announced output; anything else is left alone."""
        try:
            origin = origin_of_output(announcement)
        except ValueError:
            _log.warning("An announcement cannot be read.", extra={"action": "wake_unreadable"})
            return
        if origin is not None:
            await self._wake(origin)

    async def _wake(self, origin: Origin) -> None:
        try:
            job = (await self.jobs.get(origin.owner, origin.job_id)).job
        except (RequestError, PermanentError):
            return
        if job.final or not job.placed or job.status is Status.CANCELING:
            return
        about = {"qjobs.job.id": job.id}
        with self.telemetry.span("wake", about, parent=job.trace_parent):
            delay = _GATHER if job.circuits_total > 1 else 0.0
            await self.queue.send(replace(job.message(), woken=1), delay)
