"""Webhooks in Blob Storage: each in a place of its owner, of which there are as many as allowed.

A listing of an owner's places says everything, and no two requests at once can take one more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.webhook_record import decode_webhook, encode_webhook
from qjobs.domain.errors import TooManyWebhooksError, UnknownWebhookError, UnreadableRecordError
from qjobs.domain.webhook import MOST_WEBHOOKS, Webhook
from qjobs.webhook_ports import StoredWebhook


@dataclass(frozen=True)
class BlobWebhooks:
    """The `Webhooks` over Blob Storage."""

    container: BlobContainer

    async def create(self, webhook: Webhook) -> None:
        """Write the record of a new webhook into the first place that is free."""
        metadata = {"record": encode_webhook(webhook)}
        for place in range(MOST_WEBHOOKS):
            if await self.container.create(f"{webhook.owner}/{place}", "", metadata) is not None:
                return
        raise TooManyWebhooksError

    async def all(self, owner: str) -> Sequence[StoredWebhook]:
        """Return the webhooks of an owner, the oldest first."""
        blobs, _ = await self.container.page(f"{owner}/", MOST_WEBHOOKS, None)
        found = []
        for blob in blobs:
            try:
                webhook = decode_webhook(blob.metadata["record"])
            except (LookupError, TypeError, ValueError) as error:
                raise UnreadableRecordError from error
            found.append(StoredWebhook(webhook, int(blob.name.rpartition("/")[2]), blob.etag))
        return sorted(found, key=lambda one: (one.webhook.created_at, one.webhook.id))

    async def get(self, owner: str, webhook_id: str) -> StoredWebhook:
        """Return a webhook."""
        for stored in await self.all(owner):
            if stored.webhook.id == webhook_id:
                return stored
        raise UnknownWebhookError

    async def save(self, stored: StoredWebhook, changed: Webhook) -> None:
        """Replace a record as it was read."""
        metadata = {"record": encode_webhook(changed)}
        await self.container.replace(_name(stored), "", stored.etag, metadata, {})

    async def delete(self, stored: StoredWebhook) -> None:
        """Delete a webhook; what is gone is no error."""
        await self.container.delete(_name(stored), stored.etag)


def _name(stored: StoredWebhook) -> str:
    return f"{stored.webhook.owner}/{stored.place}"
