"""Clients of the storage account: one of each per process, made when first needed."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import (
    AzureError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.core.pipeline.transport import AioHttpTransport
from azure.storage.blob.aio import BlobServiceClient, LinearRetry
from azure.storage.queue.aio import QueueServiceClient

from qjobs.adapters import client_options
from qjobs.adapters.azure_errors import transient
from qjobs.domain.errors import StorageUnavailableError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential


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
            return BlobServiceClient.from_connection_string(self.connection_string, **_options())
        return BlobServiceClient(self.blob_uri or "", credential=self._credential, **_options())

    @cached_property
    def queues(self) -> QueueServiceClient:
        """The queue service."""
        if self.connection_string:
            return QueueServiceClient.from_connection_string(self.connection_string, **_options())
        return QueueServiceClient(self.queue_uri or "", credential=self._credential, **_options())

    @cached_property
    def _credential(self) -> AsyncTokenCredential:
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415 - 0.1 s to import

        return ManagedIdentityCredential(
            client_id=self.client_id,
            retry_total=0,
            connection_timeout=client_options.STORAGE_CONNECT_SECONDS,
            read_timeout=client_options.STORAGE_SECONDS,
        )

    async def close(self) -> None:
        """Close the clients and the credential."""
        for name in ("blobs", "queues", "_credential"):
            if name in self.__dict__:
                await self.__dict__[name].close()


def storage_errors() -> AbstractContextManager[None]:
    """Raise `StorageUnavailableError` for the transient errors of the storage alone."""
    return transient(StorageUnavailableError)


def _options() -> dict[str, Any]:
    return {
        "transport": _BriefTransport(
            # The search for a proxy in the environment costs each request two trips to another
            # thread, and there is none between a function and its storage.
            use_env_settings=False,
            connection_timeout=client_options.STORAGE_CONNECT_SECONDS,
        ),
        "retry_policy": _OneQuickRepeat(
            backoff=client_options.STORAGE_PAUSE,  # type: ignore[arg-type]  # any number does
            random_jitter_range=0.1,  # type: ignore[arg-type]  # likewise
            retry_total=1,
        ),
    }


class _BriefTransport(AioHttpTransport):  # type: ignore[misc]  # loaded when asked for, untyped
    """A transport that limits the time of a request as a whole, with the body of its response.

    Without it the SDK reads the body later, and when that breaks off it asks twice more, with a
    second's sleep before each, whatever its retry policy says.
    """

    async def send(self, request: Any, **config: Any) -> Any:  # noqa: ANN401 - as the base class
        try:
            async with asyncio.timeout(client_options.STORAGE_SECONDS):
                response = await super().send(request, **config)
                if config.get("stream"):
                    await response.read()
                return response
        except TimeoutError as error:
            raise ServiceResponseTimeoutError("No response in time.", error=error) from error


class _OneQuickRepeat(LinearRetry):
    """Retry policy: one repeat of a request that fails within a second."""

    def configure_retries(self, request: Any) -> dict[str, Any]:  # noqa: ANN401 - as the base class
        return {**super().configure_retries(request), "began": time.monotonic()}

    def increment(
        self,
        settings: dict[str, Any],
        request: Any,  # noqa: ANN401 - as the base class
        response: Any = None,  # noqa: ANN401 - likewise
        error: AzureError | None = None,
    ) -> bool:
        elapsed = time.monotonic() - settings["began"]
        if elapsed > client_options.STORAGE_REPEAT_WITHIN or _was_repeated(request, error):
            return False
        return super().increment(settings, request, response, error)


def _was_repeated(request: Any, error: Exception | None) -> bool:  # noqa: ANN401 - as above
    """Return whether the HTTP client, which repeats what may be repeated, has done so itself."""
    if isinstance(error, ServiceRequestTimeoutError | ServiceResponseTimeoutError):
        return True
    broken = isinstance(error, ServiceRequestError | ServiceResponseError)
    return broken and request.method != "POST"
