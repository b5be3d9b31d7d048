"""Connections of bindings: clients of storage services, by the names in the app settings."""

from __future__ import annotations

import os
from typing import Any, cast

from azure.core.credentials_async import AsyncTokenCredential
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from azure_quantum_emulator.supervision import azurite
from localdev.host.configuration import ConfigurationError

DEFAULT = "AzureWebJobsStorage"
"""The connection of a binding that names none."""

# Those of the Functions host: six tries within 25 seconds, about 1.6, 2.6, 4, 6.6 and 10.5 apart.
# The library has limits of three repeats for each kind of trouble beside that of all. It does not
# repeat after a 429, so a host here ends by one at once, and not only when they go on.
_RETRY: dict[str, Any] = {
    **dict.fromkeys(("retry_total", "retry_connect", "retry_read", "retry_status"), 5),
    "initial_backoff": 0,
    "increment_base": 1.6,
    "random_jitter_range": 0.2,
}


class Connections:
    """Clients of the storage services that bindings name, created at first use."""

    def __init__(self) -> None:
        self._services: dict[tuple[str, type], QueueServiceClient | BlobServiceClient] = {}
        self._credentials: list[AsyncTokenCredential] = []

    def service[T: (QueueServiceClient, BlobServiceClient)](self, name: str, kind: type[T]) -> T:
        """Return the client of a service, of the class *kind*, at a connection.

        Raises:
            ConfigurationError: the connection is not set, or is none.

        """
        if (name, kind) not in self._services:
            self._services[name, kind] = self._connect(name, kind)
        return cast("T", self._services[name, kind])

    async def close(self) -> None:
        """Close the clients and the credentials."""
        for service in self._services.values():
            await service.close()
        for credential in self._credentials:
            await credential.close()

    def _connect[T: (QueueServiceClient, BlobServiceClient)](self, name: str, kind: type[T]) -> T:
        service = kind.__name__.removesuffix("ServiceClient").lower()
        for setting in (f"AzureWebJobs{name}", name):
            if text := os.environ.get(setting):
                if text.strip().rstrip(";") == "UseDevelopmentStorage=true":
                    text = azurite.connection_string(azurite.FIXED_PORTS)
                try:
                    return kind.from_connection_string(text, **_options(text))
                except ValueError:
                    # Without the cause: its message may quote the key.
                    raise ConfigurationError(
                        f"the setting {setting} is no connection string"
                    ) from None
            address = os.environ.get(f"{setting}__{service}ServiceUri")
            if not address and (account := os.environ.get(f"{setting}__accountName")):
                address = f"https://{account}.{service}.core.windows.net"
            if address:
                credential = self._credential(setting)
                return kind(address, credential=credential, **_options(address))
        raise ConfigurationError(
            f"the connection {name} is not set: it needs a connection string in {name}, "
            f"or an address in {name}__{service}ServiceUri"
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
