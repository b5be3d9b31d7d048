"""Clients of the storage account: one of each per process, made when first needed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from qjobs.adapters.azure_errors import transient
from qjobs.domain.errors import StorageUnavailableError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential


_TRANSPORT: dict[str, Any] = {"use_env_settings": False}
"""The search for a proxy in the environment costs each request two trips to another thread, and
there is none between a function and its storage."""


@dataclass(frozen=True)
class StorageAccount:
    """The account by connection string, or by URLs and managed identity."""

    connection_string: str | None = None
    blob_uri: str | None = None
    queue_uri: str | None = None
    client_id: str | None = None
    """Of a user-assigned identity; None is the system-assigned one."""

    @cached_property
    def blobs(self) -> BlobServiceClient:
        """The blob service."""
        if self.connection_string:
            return BlobServiceClient.from_connection_string(self.connection_string, **_TRANSPORT)
        return BlobServiceClient(self.blob_uri or "", credential=self._credential, **_TRANSPORT)

    @cached_property
    def queues(self) -> QueueServiceClient:
        """The queue service."""
        if self.connection_string:
            return QueueServiceClient.from_connection_string(self.connection_string, **_TRANSPORT)
        return QueueServiceClient(self.queue_uri or "", credential=self._credential, **_TRANSPORT)

    @cached_property
    def _credential(self) -> AsyncTokenCredential:
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415 - 0.1 s to import

        return ManagedIdentityCredential(client_id=self.client_id)

    async def close(self) -> None:
        """Close the clients and the credential."""
        for name in ("blobs", "queues", "_credential"):
            if name in self.__dict__:
                await self.__dict__[name].close()


def storage_errors() -> AbstractContextManager[None]:
    """Raise `StorageUnavailableError` for the transient errors of the storage alone."""
    return transient(StorageUnavailableError)
