"""Announcements by webhooks: the end of a job becomes a message for each webhook of its owner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.event import ENDINGS, JobEvent
from qjobs.domain.identifiers import delivery_id
from qjobs.ports import WorkQueue
from qjobs.webhook_ports import Webhooks

WAY = "webhooks"
"""The name of this way among those of a listener."""


@dataclass(frozen=True, slots=True)
class WebhookAnnouncements:
    """The `Announcements` by webhooks, which send nothing themselves but queue deliveries."""

    webhooks: Webhooks
    queue: WorkQueue
    way: str = WAY
    lasts: timedelta | None = None

    async def tell(self, event: JobEvent) -> None:
        """Queue the end of a job for each active webhook of its owner that wants it."""
        if event.type not in ENDINGS or event.webhooks == ():
            return
        wanting = [
            stored.webhook
            for stored in await self.webhooks.all(event.owner)
            if stored.webhook.wants(event.type)
            and (event.webhooks is None or stored.webhook.id in event.webhooks)
        ]
        await asyncio.gather(*(self.queue.send(_first(event, one.id)) for one in wanting))


def _first(event: JobEvent, webhook_id: str) -> DeliveryMessage:
    return DeliveryMessage(
        event.owner,
        webhook_id,
        delivery_id(event.job_id, webhook_id),
        event.job_id,
        trace_parent=event.trace_parent,
    )
