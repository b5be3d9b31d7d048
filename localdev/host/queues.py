"""The app's queues: one client each, and a bell for the listeners of this host."""

from __future__ import annotations

import asyncio
import base64
import os
from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from localdev.host.configuration import ConfigurationError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

_DEVELOPMENT = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
    "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
)
"""What `UseDevelopmentStorage=true` stands for: Azurite's published account on its fixed port."""


class Queues:
    """The queues of the connections that the app names."""

    def __init__(self, *, coded: bool) -> None:
        self._coded = coded
        self._services: dict[str, QueueServiceClient] = {}
        self._clients: dict[tuple[str, str], QueueClient] = {}
        self._credentials: list[AsyncTokenCredential] = []
        self._bells: dict[tuple[str, str], asyncio.Event] = {}

    def client(self, connection: str, queue: str) -> QueueClient:
        """Return the client of a queue.

        Raises:
            ConfigurationError: the connection is not set.

        """
        key = (connection, queue)
        if key not in self._clients:
            self._clients[key] = self._service(connection).get_queue_client(queue)
        return self._clients[key]

    def decode(self, content: str) -> str:
        """Return the text of a message, coded as host.json says.

        Raises:
            ValueError: it is coded in another way.

        """
        if not self._coded:
            return content
        return base64.b64decode(content, validate=True).decode()

    def bell(self, connection: str, queue: str) -> asyncio.Event:
        """Return what is set when this host has written to a queue."""
        return self._bells.setdefault((connection, queue), asyncio.Event())

    async def write(self, connection: str, queue: str, message: str) -> None:
        """Write a text as an output binding does: at once visible, creating the queue."""
        content = base64.b64encode(message.encode()).decode() if self._coded else message
        await self.copy(connection, queue, content)

    async def copy(self, connection: str, queue: str, content: str) -> None:
        """Write a message that is coded already."""
        client = self.client(connection, queue)
        try:
            await client.send_message(content)
        except ResourceNotFoundError:
            await _create(client)
            await client.send_message(content)
        self.bell(connection, queue).set()

    async def close(self) -> None:
        """Close what was opened."""
        for client in self._clients.values():
            await client.close()
        for service in self._services.values():
            await service.close()
        for credential in self._credentials:
            await credential.close()

    def _service(self, connection: str) -> QueueServiceClient:
        if connection not in self._services:
            self._services[connection] = self._connect(connection)
        return self._services[connection]

    def _connect(self, connection: str) -> QueueServiceClient:
        # Connections may be named with or without this prefix.
        for name in (connection, f"AzureWebJobs{connection}"):
            text = os.environ.get(name)
            if text == "UseDevelopmentStorage=true":
                text = _DEVELOPMENT
            if text:
                return QueueServiceClient.from_connection_string(text)
            if address := os.environ.get(f"{name}__queueServiceUri"):
                return QueueServiceClient(address, credential=self._credential(name))
        raise ConfigurationError(
            f"the connection {connection} is not set: it needs a connection string, "
            f"or an address in {connection}__queueServiceUri"
        )

    def _credential(self, connection: str) -> AsyncTokenCredential:
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415 - rarely needed

        made = ManagedIdentityCredential(client_id=os.environ.get(f"{connection}__clientId"))
        self._credentials.append(made)
        return made


async def _create(client: QueueClient) -> None:
    """Create a queue unless it exists."""
    try:
        await client.create_queue()
    except ResourceExistsError:
        return
