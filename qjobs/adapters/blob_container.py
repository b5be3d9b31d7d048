"""One blob container: small blobs, written whole, under ETags."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobProperties, ContentSettings
from azure.storage.blob.aio import ContainerClient

from qjobs.adapters.continuation import unknown_continuation
from qjobs.adapters.storage import StorageAccount, storage_errors
from qjobs.domain.errors import ConcurrentUpdateError

_JSON = ContentSettings(content_type="application/json")
_NEW = {"overwrite": False}
_MOST_FOUND = 5000
"""Blobs that one query by tag returns."""


@dataclass(frozen=True)
class BlobContainer:
    """A container, created when the first blob is written to it."""

    account: StorageAccount
    name: str

    @cached_property
    def _client(self) -> ContainerClient:
        return self.account.blobs.get_container_client(self.name)

    async def create(
        self,
        blob: str,
        body: str,
        metadata: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str | None:
        """Write a blob unless it is there; return its ETag, or None if it was there."""
        try:
            return await self._put(blob, body, _NEW, metadata, tags)
        except ResourceExistsError:
            return None
        except ResourceNotFoundError:
            with storage_errors():
                await self._create_container()
            return await self.create(blob, body, metadata, tags)

    async def put(self, blob: str, body: str) -> None:
        """Write a blob, whether it is there or not."""
        try:
            await self._put(blob, body, {"overwrite": True})
        except ResourceNotFoundError:
            with storage_errors():
                await self._create_container()
            await self.put(blob, body)

    async def replace(
        self, blob: str, body: str, etag: str, metadata: Mapping[str, str], tags: Mapping[str, str]
    ) -> str:
        """Write over the version that *etag* was given for; return the new ETag.

        Raises:
            ConcurrentUpdateError: the blob has changed since, or is gone.

        """
        same = {"etag": etag, "match_condition": MatchConditions.IfNotModified, "overwrite": True}
        try:
            return await self._put(blob, body, same, metadata, tags)
        except (ResourceModifiedError, ResourceNotFoundError) as error:
            raise ConcurrentUpdateError from error

    async def annotate(
        self, blob: str, etag: str, metadata: Mapping[str, str], tags: Mapping[str, str]
    ) -> str:
        """Replace metadata and tags of the version that *etag* was given for; return the new ETag.

        Raises:
            ConcurrentUpdateError: the blob has changed since, or is gone.

        """
        client = self._client.get_blob_client(blob)
        with storage_errors():
            try:
                written = await client.set_blob_metadata(
                    dict(metadata), etag=etag, match_condition=MatchConditions.IfNotModified
                )
                # No transaction spans both: a reader of the tags has to check the blob.
                await client.set_blob_tags(dict(tags))
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                raise ConcurrentUpdateError from error
        return str(written["etag"])

    async def read(self, blob: str) -> tuple[bytes, BlobProperties] | None:
        """Return the content of a blob with its properties, or None if it is not there."""
        with storage_errors():
            try:
                stream = await self._client.download_blob(blob)
                return await stream.readall(), stream.properties
            except ResourceNotFoundError:
                return None

    async def properties(self, blob: str) -> BlobProperties | None:
        """Return the properties of a blob without its content, or None if it is not there."""
        with storage_errors():
            try:
                return await self._client.get_blob_client(blob).get_blob_properties()
            except ResourceNotFoundError:
                return None

    async def page(
        self, prefix: str, size: int, marker: str | None
    ) -> tuple[list[BlobProperties], str | None]:
        """Return blobs by name with their metadata, and the marker of the next page.

        Raises:
            InvalidParameterError: the marker was not given out by an earlier call.

        """
        pages = self._client.list_blobs(
            name_starts_with=prefix, include=["metadata"], results_per_page=size
        ).by_page(marker)
        with storage_errors():
            try:
                page = await anext(pages)
                blobs = [blob async for blob in page]
            except ResourceNotFoundError:
                return [], None
            except HttpResponseError as error:
                # Of such a request all but the marker is ours.
                if marker is None or error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                raise unknown_continuation() from error
        return blobs, getattr(pages, "continuation_token", None) or None

    async def find(self, query: str, most: int) -> list[str]:
        """Return the names of at most *most* blobs whose tags fulfil *query*."""
        names: list[str] = []
        with storage_errors():
            try:
                async for blob in self._client.find_blobs_by_tags(
                    query, results_per_page=min(most, _MOST_FOUND)
                ):
                    names.append(blob.name)
                    if len(names) == most:
                        break
            except ResourceNotFoundError:
                return []
        return names

    async def _put(
        self,
        blob: str,
        body: str,
        condition: Mapping[str, Any],
        metadata: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        with storage_errors():
            written = await self._client.get_blob_client(blob).upload_blob(
                body.encode(),
                content_settings=_JSON,
                metadata=dict(metadata or {}),
                tags=dict(tags or {}),
                **condition,
            )
        return str(written["etag"])

    async def _create_container(self) -> None:
        # Another process may create it at the same moment.
        with suppress(ResourceExistsError):
            await self._client.create_container()
