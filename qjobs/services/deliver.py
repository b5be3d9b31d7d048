"""One attempt of a delivery: the event goes to its webhook, the outcome into the record."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from qjobs.domain.delivery import Delivery, DeliveryMessage, DeliveryStatus, pause_before
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    UnknownJobError,
    UnknownWebhookError,
)
from qjobs.domain.event import ENDINGS, JobEvent
from qjobs.domain.webhook import Webhook, WebhookStatus
from qjobs.domain.webhook_request import Sent, WebhookRequest
from qjobs.ports import Clock, JobStore, WorkQueue
from qjobs.services.listening import Listening
from qjobs.services.webhook_announcements import WAY
from qjobs.services.webhook_secrets import WebhookSecrets
from qjobs.services.webhooks import save_webhook
from qjobs.telemetry import WEBHOOK_ATTEMPTS, Attributes, Telemetry
from qjobs.webhook_ports import (
    Deliveries,
    StoredDelivery,
    StoredWebhook,
    Webhooks,
    WebhookSender,
)

_log = logging.getLogger(__name__)
_AT_ONCE = 4
"""Requests of one process to one webhook: a receiver that is slow keeps no other waiting."""
_TURN = 3.0
"""Seconds until a message comes again that found as many under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Make one attempt of a delivery. It may run twice, late, or be killed half-way.

    The receiver then gets the event twice, under the same id. The message of the next attempt is
    sent before the record knows of it, so that no death in between ends the delivery.
    """

    webhooks: Webhooks
    deliveries: Deliveries
    secrets: WebhookSecrets
    sender: WebhookSender
    jobs: JobStore
    queue: WorkQueue
    listening: Listening
    clock: Clock
    telemetry: Telemetry
    retention: timedelta
    _under_way: Counter[str] = field(default_factory=Counter)

    async def __call__(self, message: DeliveryMessage, invocation: str | None = None) -> None:
        """Process the message of a delivery.

        Args:
            message: of the queue
            invocation: W3C trace context of the function that received it

        Raises:
            TransientError: storage or key vault do not respond; the message comes again.

        """
        about: Attributes = {
            "qjobs.job.id": message.job_id,
            "qjobs.webhook.id": message.webhook_id,
            "qjobs.visit.attempt": message.tries,
        }
        with self.telemetry.span(
            "deliver", about, parent=message.trace_parent, link=invocation
        ) as span:
            sent = await self._process(message)
            if sent is not None:
                outcome = "delivered" if sent.delivered else "failed"
                span.set({"qjobs.webhook.outcome": outcome})
                self.telemetry.record(WEBHOOK_ATTEMPTS, 1, {"qjobs.webhook.outcome": outcome})

    async def _process(self, message: DeliveryMessage) -> Sent | None:
        try:
            found = await self.webhooks.get(message.owner, message.webhook_id)
        except UnknownWebhookError:
            _log.info("A webhook is gone.", extra={"action": "delivery_dropped"})
            return None
        stored = await self._delivery(message)
        if stored is None or not stored.delivery.awaits(message):
            _log.info("A delivery is over.", extra={"action": "delivery_dropped"})
            return None
        webhook, delivery = found.webhook, stored.delivery
        if webhook.status is not WebhookStatus.ACTIVE and not delivery.ping:
            await self._save(delivery.given_up(), stored.etag)
            return None
        if self._under_way[webhook.id] >= _AT_ONCE:
            await self.queue.send(message, _TURN)
            return None
        self._under_way[webhook.id] += 1
        try:
            return await self._attempt(message, found, stored)
        finally:
            self._under_way[webhook.id] -= 1
            if not self._under_way[webhook.id]:
                del self._under_way[webhook.id]

    async def _attempt(
        self, message: DeliveryMessage, found: StoredWebhook, stored: StoredDelivery
    ) -> Sent:
        # A message that is ahead of its record is of an attempt before that was not noted.
        delivery = replace(stored.delivery, tries=message.tries)
        webhook, began = found.webhook, self.clock.now()
        sent = await self.sender.send(
            WebhookRequest(
                webhook.url,
                delivery.id,
                began,
                delivery.body(webhook.base),
                await self.secrets.all(webhook, began),
            )
        )
        over = sent.delivered or sent.gone
        pause = None if over else pause_before(delivery.tries + 1, sent.retry_after)
        delivery = delivery.attempted(sent, began, pause)
        if delivery.status is DeliveryStatus.PENDING:
            await self.queue.send(delivery.message(message.trace_parent), pause or 0.0)
        # The record of the delivery last: a repetition then finds what is left to be done.
        await self._note_health(found, sent, ping=delivery.ping)
        await self._save(delivery, stored.etag)
        return sent

    async def _delivery(self, message: DeliveryMessage) -> StoredDelivery | None:
        """Return the delivery of a message, made of the record of its job at the first attempt."""
        place = message.owner, message.webhook_id, message.delivery_id
        known = await self.deliveries.get(*place)
        if known is not None or message.job_id is None:
            return known
        try:
            event = JobEvent.of((await self.jobs.get(message.owner, message.job_id)).job)
        except UnknownJobError:
            return None
        if event is None or event.type not in ENDINGS:
            return None
        new = Delivery.of(event, message.webhook_id, self.retention)
        # Another process may have made it at the same moment.
        return await self.deliveries.create(new) or await self.deliveries.get(*place)

    async def _save(self, delivery: Delivery, etag: str) -> None:
        # A double, or a caller who has it sent again, was first: what they wrote counts.
        with suppress(ConcurrentUpdateError):
            await self.deliveries.save(delivery, etag)

    async def _note_health(self, found: StoredWebhook, sent: Sent, *, ping: bool) -> None:
        now, before = self.clock.now(), found.webhook.status

        def change(webhook: Webhook) -> Webhook:
            if sent.delivered:
                return webhook.succeeded(ping=ping)
            return webhook.failed(now, gone=sent.gone)

        if change(found.webhook).status is WebhookStatus.ACTIVE is not before:
            # First the note: without it nobody would look for this webhook at the end of a job.
            await self.listening.note(found.webhook.owner, WAY)
        with suppress(UnknownWebhookError):
            after = await save_webhook(self.webhooks, found, change)
            if after.status is WebhookStatus.DISABLED is not before:
                _log.warning(
                    "Webhook %s is disabled: %s.",
                    after.id,
                    after.reason,
                    extra={"action": "webhook_disabled"},
                )
