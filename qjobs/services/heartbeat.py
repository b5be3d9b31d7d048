"""Sending and receiving heartbeats, so that functions show that they run while there are no jobs.

Neither fails: what goes wrong is logged, and the next heartbeat has its own chance.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain.heartbeat import (
    FUNCTIONS,
    HOP_DELAY,
    INTERVAL,
    MOST_HOPS,
    RECONCILE,
    WORKERS,
    Heartbeat,
)
from qjobs.ports import Clock, Heartbeats, WorkQueue

_log = logging.getLogger(__name__)
_EARLY = timedelta(seconds=30)
"""A timer that runs at just the interval comes a moment sooner or later."""


@dataclass(slots=True, kw_only=True)
class SendHeartbeats:
    """Note that the timer runs, and send a heartbeat to each queue, once in an interval."""

    heartbeats: Heartbeats
    queue: WorkQueue
    clock: Clock
    region: str
    _last: datetime | None = None
    """A new process does not know of those before, and sends at once."""

    async def __call__(self) -> None:
        """Do so if it is time."""
        now = self.clock.now()
        if self._last is not None and now - self._last < INTERVAL - _EARLY:
            return
        try:
            if self._last is None:
                # So that one that never runs is missed.
                await expect_all(self.heartbeats, self.region)
            await self.heartbeats.note(self.region, RECONCILE)
            self._last = now
            for queue in WORKERS:
                await self.queue.send(Heartbeat(queue, self.region))
        except Exception:  # noqa: BLE001 - reconciliation runs whatever happens here
            _log.exception("No heartbeats were sent.", extra={"action": "heartbeat_failed"})


async def expect_all(heartbeats: Heartbeats, region: str) -> None:
    """Note that every function should run in a region."""
    for function in FUNCTIONS:
        await heartbeats.expect(region, function)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveHeartbeat:
    """Note that the function of a queue runs, or put another region's heartbeat back for it."""

    heartbeats: Heartbeats
    queue: WorkQueue
    region: str

    async def __call__(self, heartbeat: Heartbeat) -> None:
        """Process one heartbeat."""
        try:
            await self._receive(heartbeat)
        except Exception:  # noqa: BLE001 - a heartbeat is never poison
            _log.exception("A heartbeat was lost.", extra={"action": "heartbeat_failed"})

    async def _receive(self, heartbeat: Heartbeat) -> None:
        if heartbeat.region == self.region:
            await self.heartbeats.note(self.region, WORKERS[heartbeat.queue])
        elif heartbeat.hops < MOST_HOPS:
            await self.queue.send(heartbeat.put_back(), HOP_DELAY)
        else:
            _log.warning(
                "%s in %s received no heartbeat.",
                WORKERS[heartbeat.queue],
                heartbeat.region,
                extra={"action": "heartbeat_dropped"},
            )
