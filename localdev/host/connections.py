"""Connections of bindings: clients of queue services, by the names in the app settings."""

from __future__ import annotations

import os
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.storage.queue.aio import QueueServiceClient

from azure_quantum_emulator.supervision import azurite
from localdev.host.configuration import ConfigurationError

DEFAULT = "AzureWebJobsStorage"
"""The connection of a binding that names none."""

# Seconds. The SDK's own pauses begin at 15 s, for which nobody waits at a laptop.
_RETRY: dict[str, Any] = {"initial_backoff": 1, "increment_base": 2, "random_jitter_range": 1}


class Connections:
    """Clients of the queue services that bindings name, created at first use."""

    def __init__(self) -> None:
        self._queue_services: dict[str, QueueServiceClient] = {}
        self._credentials: list[AsyncTokenCredential] = []

    def queue_service(self, name: str) -> QueueServiceClient:
        """Return the queue service of a connection.

        Raises:
            ConfigurationError: the connection is not set, or is none.

        """
        if name not in self._queue_services:
            self._queue_services[name] = self._connect(name)
        return self._queue_services[name]

    async def close(self) -> None:
        """Close the clients and the credentials."""
        for service in self._queue_services.values():
            await service.close()
        for credential in self._credentials:
            await credential.close()

    def _connect(self, name: str) -> QueueServiceClient:
        for setting in (f"AzureWebJobs{name}", name):
            if text := os.environ.get(setting):
                if text.strip().rstrip(";") == "UseDevelopmentStorage=true":
                    text = azurite.connection_string(azurite.FIXED_PORTS)
                try:
                    return QueueServiceClient.from_connection_string(text, **_options(text))
                except ValueError:
                    # Without the cause: its message may quote the key.
                    raise ConfigurationError(
                        f"the setting {setting} is no connection string"
                    ) from None
            address = os.environ.get(f"{setting}__queueServiceUri")
            if not address and (account := os.environ.get(f"{setting}__accountName")):
                address = f"https://{account}.queue.core.windows.net"
            if address:
                credential = self._credential(setting)
                return QueueServiceClient(address, credential=credential, **_options(address))
        raise ConfigurationError(
            f"the connection {name} is not set: it needs a connection string in {name}, "
            f"or an address in {name}__queueServiceUri"
        )

    def _credential(self, setting: str) -> AsyncTokenCredential:
        from azure.identity import aio  # noqa: PLC0415 - slow to import and rarely needed

        client = os.environ.get(f"{setting}__clientId")
        made: AsyncTokenCredential
        if os.environ.get(f"{setting}__credential", "").lower() == "managedidentity":
            made = aio.ManagedIdentityCredential(client_id=client)
        else:
            made = aio.DefaultAzureCredential(managed_identity_client_id=client)
        self._credentials.append(made)
        return made


def _options(address: str) -> dict[str, Any]:
    # A proxy is never in the way to this machine, and looking for one takes two changes of thread
    # per request.
    far = not any(f"//{host}" in address for host in ("127.0.0.1", "localhost"))
    return {"use_env_settings": far, **_RETRY}
