"""Deliveries as their caller sees and repeats them: pings, a list, one or many sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import PING, Delivery, DeliveryStatus
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    InvalidInputError,
    InvalidParameterError,
    UnknownDeliveryError,
    WebhookNotActiveError,
)
from qjobs.domain.identifiers import uuid_in_lower_case
from qjobs.domain.json_values import normalized
from qjobs.domain.webhook import Webhook, WebhookStatus
from qjobs.domain.webhook_body import replay_since, replay_violations
from qjobs.ports import Clock, WorkQueue
from qjobs.services.webhook_secrets import WebhookSecrets
from qjobs.services.webhooks import checked_webhook_id
from qjobs.webhook_ports import (
    Deliveries,
    DeliveryFilter,
    DeliveryPage,
    StoredDelivery,
    Webhooks,
)

_MOST_REPLAYED = 100
"""Deliveries that one request sends again: it has to be answered within seconds."""
_MOST_PAGES = 20
_PAGE = 1000
_AT_ONCE = 10
_MOST_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Replayed:
    """The outcome of a request to send failed deliveries again."""

    number: int
    more: bool
    """Whether there are others, for which the request has to be repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageDeliveries:
    """Ping a webhook, list its deliveries, and have them sent again."""

    webhooks: Webhooks
    deliveries: Deliveries
    secrets: WebhookSecrets
    queue: WorkQueue
    clock: Clock
    new_id: Callable[[datetime], str]
    retention: timedelta

    async def ping(self, owner: str, webhook_id: str) -> Delivery:
        """Send an event that only asks whether the receiver is there, and makes it active.

        Raises:
            InvalidParameterError: *webhook_id* is no id.
            UnknownWebhookError: the caller has none of that id.
            WebhooksUnavailableError: there is no master secret.

        """
        webhook = await self._webhook(owner, webhook_id)
        await self.secrets.check()
        now = self.clock.now()
        ping = Delivery(
            id=self.new_id(now),
            owner=owner,
            webhook_id=webhook.id,
            type=PING,
            at=now,
            kept_until=now + self.retention,
            next_attempt=now,
        )
        await self.deliveries.create(ping)
        await self.queue.send(ping.message())
        return ping

    async def page(
        self,
        owner: str,
        webhook_id: str,
        status: DeliveryStatus | None,
        size: int,
        continuation: str | None,
    ) -> DeliveryPage:
        """Return at most *size* deliveries of a webhook, those of the newest job first.

        Raises:
            InvalidParameterError: *webhook_id* is no id, or *continuation* is of no earlier call.
            UnknownWebhookError: the caller has none of that id.

        """
        webhook = await self._webhook(owner, webhook_id)
        wanted = DeliveryFilter(webhook.id, status)
        return await self.deliveries.page(owner, wanted, size, continuation)

    async def replay(self, owner: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Send an event again now, with the same id, whatever became of it.

        Raises:
            InvalidParameterError: an id is none.
            UnknownWebhookError: the caller has no such webhook.
            UnknownDeliveryError: the webhook has no such delivery.
            WebhookNotActiveError: nothing is sent to the webhook.

        """
        webhook = await self._webhook(owner, webhook_id)
        stored_under = uuid_in_lower_case(delivery_id)
        if stored_under is None:
            detail = "Must be the id of an event, a UUID."
            raise InvalidParameterError.of(detail, parameter="eventId")
        stored = await self.deliveries.get(owner, webhook.id, stored_under)
        if stored is None:
            raise UnknownDeliveryError
        if not stored.delivery.ping:
            _check_active(webhook)
        return await self._replay(stored)

    async def replay_failed(self, owner: str, webhook_id: str, body: JSONObject) -> Replayed:
        """Send again what has failed since a time, up to a hundred events.

        Raises:
            InvalidParameterError: *webhook_id* is no id.
            InvalidInputError: it names everything that is wrong with *body*.
            UnknownWebhookError: the caller has no such webhook.
            WebhookNotActiveError: nothing is sent to the webhook.

        """
        webhook = await self._webhook(owner, webhook_id)
        body = normalized(body)
        if violations := list(replay_violations(body)):
            raise InvalidInputError(violations=violations)
        _check_active(webhook)
        since = replay_since(body)
        found: list[StoredDelivery] = []
        continuation: str | None = None
        for _ in range(_MOST_PAGES):
            wanted = DeliveryFilter(webhook.id, DeliveryStatus.FAILED)
            page = await self.deliveries.page(owner, wanted, _PAGE, continuation)
            found += [
                one for one in page.deliveries if one.delivery.at >= since and not one.delivery.ping
            ]
            continuation = page.continuation
            if continuation is None or len(found) > _MOST_REPLAYED:
                break
        more = continuation is not None or len(found) > _MOST_REPLAYED
        wave = found[:_MOST_REPLAYED]
        for start in range(0, len(wave), _AT_ONCE):
            await asyncio.gather(*(self._replay(one) for one in wave[start : start + _AT_ONCE]))
        return Replayed(len(wave), more)

    async def _webhook(self, owner: str, webhook_id: str) -> Webhook:
        return (await self.webhooks.get(owner, checked_webhook_id(webhook_id))).webhook

    async def _replay(self, stored: StoredDelivery) -> Delivery:
        """Begin a new round; the messages of the one before then count as doubles."""
        for _ in range(_MOST_ATTEMPTS):
            again = stored.delivery.replayed(self.clock.now())
            try:
                await self.deliveries.save(again, stored.etag)
            except ConcurrentUpdateError:
                delivery = stored.delivery
                found = await self.deliveries.get(delivery.owner, delivery.webhook_id, delivery.id)
                if found is None:
                    raise UnknownDeliveryError from None
                stored = found
            else:
                # Whoever is told that this failed repeats it, which begins one more round.
                await self.queue.send(again.message())
                return again
        raise ConcurrentUpdateError


def _check_active(webhook: Webhook) -> None:
    if webhook.status is not WebhookStatus.ACTIVE:
        raise WebhookNotActiveError
