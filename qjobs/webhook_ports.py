"""The ports of webhooks; as in `qjobs.ports`, every method may raise a `TransientError`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qjobs.domain.delivery import Delivery, DeliveryStatus
from qjobs.domain.webhook import Webhook
from qjobs.domain.webhook_request import Sent, WebhookRequest


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook as it was read, with its place and the ETag that a later write must match."""

    webhook: Webhook
    place: int
    """Number of the place that it takes among those of its owner."""
    etag: str


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """A delivery as it was read or written, with the ETag that a later write must match."""

    delivery: Delivery
    etag: str


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """A filter for the list of a webhook's deliveries; None does not restrict."""

    webhook_id: str
    status: DeliveryStatus | None = None

    @property
    def key(self) -> Sequence[str | None]:
        """The values that a continuation token is bound to."""
        return self.webhook_id, self.status

    def admits(self, delivery: Delivery) -> bool:
        """Return whether *delivery* passes."""
        return self.status in (None, delivery.status)


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Part of a list of deliveries, those of the newest job first."""

    deliveries: Sequence[StoredDelivery]
    continuation: str | None
    """The continuation token of the next page; None on the last page."""


class Webhooks(Protocol):
    """The webhooks of callers, up to `MOST_WEBHOOKS` of each."""

    async def create(self, webhook: Webhook) -> None:
        """Write the record of a new webhook.

        Raises:
            TooManyWebhooksError: its owner has as many as there can be.

        """

    async def all(self, owner: str) -> Sequence[StoredWebhook]:
        """Return the webhooks of an owner, the oldest first, at the cost of one transaction."""

    async def get(self, owner: str, webhook_id: str) -> StoredWebhook:
        """Return a webhook.

        Raises:
            UnknownWebhookError: the owner has none of that id.

        """

    async def save(self, stored: StoredWebhook, changed: Webhook) -> None:
        """Replace a record as it was read.

        Raises:
            ConcurrentUpdateError: it has changed since, or is gone.

        """

    async def delete(self, stored: StoredWebhook) -> None:
        """Delete a webhook; what is gone is no error.

        Raises:
            ConcurrentUpdateError: its record has changed since.

        """


class Deliveries(Protocol):
    """The deliveries of events to webhooks."""

    async def create(self, delivery: Delivery) -> StoredDelivery | None:
        """Write the record of a new delivery; return None if there is one of its id."""

    async def get(self, owner: str, webhook_id: str, delivery_id: str) -> StoredDelivery | None:
        """Return a delivery, or None if there is none of that id."""

    async def save(self, delivery: Delivery, etag: str) -> StoredDelivery:
        """Replace the record that *etag* was given for.

        Raises:
            ConcurrentUpdateError: it has changed since, or is gone.

        """

    async def page(
        self, owner: str, wanted: DeliveryFilter, size: int, continuation: str | None
    ) -> DeliveryPage:
        """Return at most *size* deliveries; a filtered page may hold fewer than there are, or none.

        Raises:
            InvalidParameterError: *continuation* was not given out by an earlier call.

        """

    async def walk(self) -> Sequence[StoredDelivery]:
        """Return the next portion of all deliveries; call by call every one comes by."""

    async def delete(self, stored: StoredDelivery) -> None:
        """Delete a delivery; what is gone is no error.

        Raises:
            ConcurrentUpdateError: its record has changed since.

        """


class WebhookSender(Protocol):
    """Requests to webhooks."""

    async def send(self, request: WebhookRequest) -> Sent:
        """Send an event once, to a public address alone; every failure is an outcome."""


class MasterSecret(Protocol):
    """The secret from which those of all webhooks are derived."""

    async def read(self) -> bytes:
        """Return it.

        Raises:
            WebhooksUnavailableError: the deployment has none.

        """
