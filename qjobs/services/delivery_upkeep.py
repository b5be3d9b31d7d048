"""Upkeep of deliveries: messages that the host gave up are sent again, expired records deleted."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from qjobs.domain import schedule
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.errors import ConcurrentUpdateError
from qjobs.ports import Clock, WorkQueue
from qjobs.webhook_ports import Deliveries

_log = logging.getLogger(__name__)
_MOST_DELETED = 200
"""Deliveries that one sweep deletes; the next one goes on."""


@dataclass(frozen=True, slots=True)
class ReviveDelivery:
    """Send a poisoned message of a delivery again, each time after a longer pause.

    What the host counts are crashes of its own and trouble with storage or key vault: errors of a
    receiver never get here.
    """

    queue: WorkQueue

    async def __call__(self, text: str) -> None:
        """Process the *text* of a poison message; anything else is logged and dropped."""
        try:
            message = DeliveryMessage.decode(text)
        except ValueError:
            about = {"action": "poison_dropped"}
            _log.exception("A poisoned message names no delivery.", extra=about)
            return
        revivals = message.revivals + 1
        if revivals > schedule.MOST_REVIVALS:
            _log.error("A delivery is given up.", extra={"action": "poison_dropped"})
            return
        await self.queue.send(
            replace(message, revivals=revivals), schedule.retry_delay(revivals, None)
        )


@dataclass(frozen=True, slots=True)
class SweepDeliveries:
    """Look at the next portion of all deliveries, and delete the expired ones."""

    deliveries: Deliveries
    clock: Clock

    async def __call__(self) -> None:
        """Sweep once."""
        now = self.clock.now()
        expired = [
            stored for stored in await self.deliveries.walk() if stored.delivery.kept_until <= now
        ]
        for stored in expired[:_MOST_DELETED]:
            try:
                await self.deliveries.delete(stored)
            except ConcurrentUpdateError:
                continue  # it is sent again at this moment
