"""The work queues in Queue Storage.

Output bindings are not used: they cannot delay a message, they write JSON anew, and they wake no
listener either.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.queue.aio import QueueClient

from qjobs.adapters.azure_errors import is_transient
from qjobs.adapters.storage import StorageAccount, storage_errors
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.heartbeat import Heartbeat
from qjobs.domain.messages import Message, Queue
from qjobs.ports import Receipt

_NEVER_EXPIRES = -1


@dataclass(frozen=True)
class StorageWorkQueue:
    """The `WorkQueue` over Queue Storage."""

    account: StorageAccount

    async def send(
        self, message: Message | DeliveryMessage | Heartbeat, delay: float = 0.0
    ) -> Receipt:
        """Queue a message that becomes visible after *delay* seconds, for its lifetime."""
        queue = self.account.queues.get_queue_client(message.queue)
        with storage_errors():
            try:
                return await _send(queue, message, delay)
            except ResourceNotFoundError:
                await _create(queue)
                return await _send(queue, message, delay)

    async def hide(self, receipt: Receipt, delay: float) -> Receipt | None:
        """Keep a message that was sent here hidden for *delay* seconds from now."""
        queue = self.account.queues.get_queue_client(receipt.queue)
        with storage_errors():
            try:
                updated = await queue.update_message(
                    receipt.message, receipt.pop, visibility_timeout=round(delay)
                )
            except HttpResponseError as error:
                if is_transient(error):
                    raise
                return None
        return replace(receipt, pop=updated.pop_receipt or "")

    async def delete(self, receipt: Receipt) -> None:
        """Take back a message that was sent here, unless it has been handed out since."""
        queue = self.account.queues.get_queue_client(receipt.queue)
        # With another receipt it is in somebody's hands: 400, or gone: 404.
        with storage_errors(), suppress(HttpResponseError):
            await queue.delete_message(receipt.message, receipt.pop)

    async def oldest(self, queue: Queue) -> datetime | None:
        """Return when the message at the head of a queue was sent; None if none is visible."""
        client = self.account.queues.get_queue_client(queue)
        with storage_errors():
            try:
                messages = await client.peek_messages(max_messages=1)
            except ResourceNotFoundError:
                return None
        return messages[0].inserted_on if messages else None


async def _send(
    queue: QueueClient, message: Message | DeliveryMessage | Heartbeat, delay: float
) -> Receipt:
    lifetime = message.lifetime
    sent = await queue.send_message(
        message.encode(),
        visibility_timeout=round(delay),
        time_to_live=round(lifetime.total_seconds()) if lifetime else _NEVER_EXPIRES,
    )
    return Receipt(queue.queue_name, sent.id, sent.pop_receipt or "")


async def _create(queue: QueueClient) -> None:
    # Another process may create it at the same moment.
    with suppress(ResourceExistsError):
        await queue.create_queue()
