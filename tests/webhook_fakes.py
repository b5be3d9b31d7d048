"""The ports of webhooks in memory, held to the same contract tests as the adapters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from qjobs.domain.delivery import Delivery
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    InvalidParameterError,
    TooManyWebhooksError,
    UnknownWebhookError,
    WebhooksUnavailableError,
)
from qjobs.domain.webhook import MOST_WEBHOOKS, Webhook
from qjobs.domain.webhook_request import Sent, WebhookRequest
from qjobs.webhook_ports import DeliveryFilter, DeliveryPage, StoredDelivery, StoredWebhook


class FakeWebhooks:
    """Records in a dictionary."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, int], StoredWebhook] = {}
        self._versions = itertools.count(1)

    async def create(self, webhook: Webhook) -> None:
        """Write the record of a new webhook."""
        for place in range(MOST_WEBHOOKS):
            if (webhook.owner, place) not in self._records:
                self._write(webhook, place)
                return
        raise TooManyWebhooksError

    async def all(self, owner: str) -> Sequence[StoredWebhook]:
        """Return the webhooks of an owner, the oldest first."""
        found = [one for (holder, _), one in self._records.items() if holder == owner]
        return sorted(found, key=lambda one: (one.webhook.created_at, one.webhook.id))

    async def get(self, owner: str, webhook_id: str) -> StoredWebhook:
        """Return a webhook."""
        for stored in await self.all(owner):
            if stored.webhook.id == webhook_id:
                return stored
        raise UnknownWebhookError

    async def save(self, stored: StoredWebhook, changed: Webhook) -> None:
        """Replace a record as it was read."""
        current = self._records.get((stored.webhook.owner, stored.place))
        if current is None or current.etag != stored.etag:
            raise ConcurrentUpdateError
        self._write(changed, stored.place)

    async def delete(self, stored: StoredWebhook) -> None:
        """Delete a webhook."""
        place = stored.webhook.owner, stored.place
        current = self._records.get(place)
        if current is None:
            return
        if current.etag != stored.etag:
            raise ConcurrentUpdateError
        del self._records[place]

    def _write(self, webhook: Webhook, place: int) -> None:
        stored = StoredWebhook(webhook, place, f"v{next(self._versions)}")
        self._records[webhook.owner, place] = stored


class FakeDeliveries:
    """Records in a dictionary."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str, str], StoredDelivery] = {}
        self._versions = itertools.count(1)
        self._tokens: dict[str, tuple[str, DeliveryFilter, str]] = {}

    async def create(self, delivery: Delivery) -> StoredDelivery | None:
        """Write the record of a new delivery; return None if there is one of its id."""
        return None if _key(delivery) in self._records else self._write(delivery)

    async def get(self, owner: str, webhook_id: str, delivery_id: str) -> StoredDelivery | None:
        """Return a delivery, or None if there is none of that id."""
        return self._records.get((owner, webhook_id, delivery_id))

    async def save(self, delivery: Delivery, etag: str) -> StoredDelivery:
        """Replace the record that *etag* was given for."""
        current = self._records.get(_key(delivery))
        if current is None or current.etag != etag:
            raise ConcurrentUpdateError
        return self._write(delivery)

    async def page(
        self, owner: str, wanted: DeliveryFilter, size: int, continuation: str | None
    ) -> DeliveryPage:
        """Return at most *size* deliveries."""
        after = ""
        if continuation is not None:
            if self._tokens.get(continuation, ())[:2] != (owner, wanted):
                raise InvalidParameterError.of("Is of no list.", parameter="continuationToken")
            after = self._tokens[continuation][2]
        rest = [
            one
            for key, one in sorted(self._records.items())
            if key[:2] == (owner, wanted.webhook_id) and key[2] > after
            if wanted.admits(one.delivery)
        ]
        if len(rest) <= size:
            return DeliveryPage(rest, None)
        token = f"page-{len(self._tokens)}"
        self._tokens[token] = owner, wanted, rest[size - 1].delivery.id
        return DeliveryPage(rest[:size], token)

    async def walk(self) -> Sequence[StoredDelivery]:
        """Return all deliveries at once."""
        return list(self._records.values())

    async def delete(self, stored: StoredDelivery) -> None:
        """Delete a delivery."""
        current = self._records.get(_key(stored.delivery))
        if current is None:
            return
        if current.etag != stored.etag:
            raise ConcurrentUpdateError
        del self._records[_key(stored.delivery)]

    def _write(self, delivery: Delivery) -> StoredDelivery:
        stored = StoredDelivery(delivery, f"v{next(self._versions)}")
        self._records[_key(delivery)] = stored
        return stored


def _key(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.owner, delivery.webhook_id, delivery.id


@dataclass
class FakeSender:
    """Receivers that answer with the next of a list of outcomes, and then with the last."""

    outcomes: list[Sent] = field(default_factory=lambda: [Sent(204, None, 1)])
    requests: list[WebhookRequest] = field(default_factory=list)
    error: Exception | None = None

    async def send(self, request: WebhookRequest) -> Sent:
        """Keep a request."""
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


@dataclass
class FakeMaster:
    """A master secret, or none."""

    secret: bytes | None = b"m" * 32

    async def read(self) -> bytes:
        """Return it."""
        if self.secret is None:
            raise WebhooksUnavailableError
        return self.secret
