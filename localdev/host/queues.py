"""Clients of the app's queues, and events that wake the listeners of poison queues."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from localdev.host.connections import Connections


class Queues:
    """Clients of the queues that the app uses."""

    def __init__(self, connections: Connections, *, base64_texts: bool) -> None:
        self.connections = connections
        self._base64 = base64_texts
        self._wakeups: dict[str, asyncio.Event] = {}

    def client(self, connection: str, queue: str) -> QueueClient:
        """Return the client of a queue.

        Raises:
            ConfigurationError: the connection is not set.

        """
        return self.connections.service(connection, QueueServiceClient).get_queue_client(queue)

    def decode(self, content: str) -> bytes:
        """Decode the content of a message, as `messageEncoding` of host.json says.

        Raises:
            ValueError: it is coded in another way.

        """
        if not self._base64:
            return content.encode()
        return base64.b64decode("".join(content.split()), validate=True)

    def wakeup(self, client: QueueClient) -> asyncio.Event:
        """Return the event that is set when a listener has moved a message to a queue."""
        # By address: two connections may lead to the same queue.
        return self._wakeups.setdefault(client.url.split("?")[0], asyncio.Event())

    async def copy(self, client: QueueClient, content: str) -> None:
        """Send a message that is encoded already."""
        try:
            await client.send_message(content)
        except ResourceNotFoundError:
            with suppress(ResourceExistsError):  # somebody creates it too
                await client.create_queue()
            await client.send_message(content)

    async def close(self) -> None:
        """Close the clients."""
        await self.connections.close()
