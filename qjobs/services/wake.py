"""Waking: a job is looked at when storage announces an output of it, not at its next turn."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from qjobs.domain.errors import PermanentError, RequestError
from qjobs.domain.job import Status
from qjobs.domain.output_event import Origin, origin_of_output
from qjobs.ports import JobStore, WorkQueue
from qjobs.services.attempt import Attempt
from qjobs.telemetry import Telemetry

_log = logging.getLogger(__name__)
_GATHER = 1.0
"""Seconds within which the outputs of a step's circuits are one look."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at the job that an announcement of storage is about.

    The message that waits becomes a double by that, and is dropped when its time comes. An
    announcement that comes twice, late or not at all is harmless: it is only a reason to look.
    """

    jobs: JobStore
    queue: WorkQueue
    track: Attempt
    telemetry: Telemetry

    async def __call__(
        self, announcement: str, invocation: str | None = None, *, again: bool = False
    ) -> None:
        """Look at the job of an announced output; anything else is left alone.

        Args:
            announcement: as it was queued
            invocation: W3C trace context of the function that received it
            again: whether it was handed out before, and the process may have died of it

        Raises:
            TransientError: the storage does not answer; the announcement comes again.

        """
        try:
            origin = origin_of_output(announcement)
        except ValueError:
            _log.warning("An announcement cannot be read.", extra={"action": "wake_unreadable"})
            return
        if origin is not None:
            await self._wake(origin, invocation, again=again)

    async def _wake(self, origin: Origin, invocation: str | None, *, again: bool) -> None:
        try:
            job = (await self.jobs.get(origin.owner, origin.job_id)).job
        except (RequestError, PermanentError):
            return
        if job.final or not job.placed or job.status is Status.CANCELING:
            return
        about, message = {"qjobs.job.id": job.id}, replace(job.message(), woken=1)
        with self.telemetry.span("wake", about, parent=job.trace_parent, link=invocation):
            if job.circuits_total > 1:
                await self.queue.send(message, _GATHER)
            elif again:
                # What has the poison queue of jobs: the job fails if each look at it is a crash.
                await self.queue.send(message)
            else:
                await self.track(message, invocation)
