"""Events of outputs that are written, as Event Grid delivers them to a storage queue.

A subscription of a storage account's `BlobCreated` events, with a filter of their subject, may have
a queue as its destination: each event is a message there, JSON in Base64, in the Event Grid schema.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.identity.aio import ManagedIdentityCredential
from azure.storage.queue.aio import QueueClient

from azure_quantum_emulator.storage import BlobName

_CLIENT: Mapping[str, Any] = {"retry_total": 2, "connection_timeout": 5, "read_timeout": 30}


@dataclass(frozen=True, slots=True)
class OutputEvents:
    """Announcements of the outputs in containers with one prefix."""

    queue: QueueClient
    container_prefix: str
    credential: ManagedIdentityCredential | None = None

    @classmethod
    def connect(
        cls, account: str, queue: str, container_prefix: str, client_id: str | None = None
    ) -> OutputEvents:
        """Connect to a queue.

        Args:
            account: connection string of the storage account, or the address of its blob service
            queue: its name, in that account; or its https:// address, for a managed identity
            container_prefix: of the containers whose blobs are announced
            client_id: of a user-assigned identity

        Raises:
            ValueError: *queue* is a name, and *account* is no connection string.

        """
        if queue.startswith("https://"):
            credential = ManagedIdentityCredential(client_id=client_id)
            client = QueueClient.from_queue_url(queue, credential, **_CLIENT)
            return cls(client, container_prefix, credential)
        client = QueueClient.from_connection_string(account, queue, **_CLIENT)
        return cls(client, container_prefix)

    async def created(self, blob: BlobName, size: int, url: str) -> None:
        """Announce a blob that was written, with its size in bytes and its address.

        Raises:
            azure.core.exceptions.AzureError: the queue does not take it.

        """
        if not blob.container.startswith(self.container_prefix):
            return
        message = base64.b64encode(json.dumps(_event(blob, size, url)).encode()).decode()
        try:
            await self.queue.send_message(message)
        except ResourceNotFoundError:
            with suppress(ResourceExistsError):  # another output came first
                await self.queue.create_queue()
            await self.queue.send_message(message)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.queue.close()
        if self.credential is not None:
            await self.credential.close()


def _event(blob: BlobName, size: int, url: str) -> dict[str, Any]:
    """Return the event of a blob that was created, in the Event Grid schema."""
    return {
        "topic": "/subscriptions/local/resourceGroups/local/providers/Microsoft.Storage/"
        "storageAccounts/local",
        "subject": f"/blobServices/default/containers/{blob.container}/blobs/{blob.blob}",
        "eventType": "Microsoft.Storage.BlobCreated",
        "id": str(uuid.uuid4()),
        "data": {
            "api": "PutBlob",
            "contentType": "application/octet-stream",
            "contentLength": size,
            "blobType": "BlockBlob",
            "url": url,
        },
        "dataVersion": "",
        "metadataVersion": "1",
        "eventTime": datetime.now(UTC).isoformat(),
    }
