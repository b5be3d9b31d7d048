"""One blob container: small blobs, written whole, under ETags.

A write whose response is lost is repeated by the client, and the repetition finds the blob changed:
by itself. So each write leaves a mark of its own in the metadata, and a conflict with a blob that
bears the mark is none.
"""

from __future__ import annotations

import secrets
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

from qjobs.adapters.blob_listing import LARGEST_PAGE, ListedBlob, list_page
from qjobs.adapters.continuation import unknown_continuation
from qjobs.adapters.storage import StorageAccount, storage_errors
from qjobs.domain.errors import ConcurrentUpdateError

_JSON = ContentSettings(content_type="application/json")
_NEW = {"overwrite": False}
_WRITE = "write"
"""The metadata that has the mark of a write."""


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
        """Write a blob unless it is there; return its ETag, or None if another write made it."""
        marked = _marked(metadata)
        try:
            return await self._put(blob, body, _NEW, marked, tags)
        except ResourceExistsError:
            return await self._etag_of(blob, marked)
        except ResourceNotFoundError:
            with storage_errors():
                await self._create_container()
            return await self.create(blob, body, metadata, tags)

    async def create_or_read(self, blob: str, body: str) -> bytes:
        """Write a blob unless it is there; return the content that it has now.

        Raises:
            ConcurrentUpdateError: it was there, and is gone.

        """
        try:
            await self._put(blob, body, _NEW)
        except ResourceExistsError:
            found = await self.read(blob)
            if found is None:
                raise ConcurrentUpdateError from None
            return found[0]
        except ResourceNotFoundError:
            with storage_errors():
                await self._create_container()
            return await self.create_or_read(blob, body)
        return body.encode()

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
        marked = _marked(metadata)
        try:
            return await self._put(blob, body, same, marked, tags)
        except (ResourceModifiedError, ResourceNotFoundError) as error:
            written = await self._etag_of(blob, marked)
            if written is None:
                raise ConcurrentUpdateError from error
            return written

    async def annotate(
        self, blob: str, etag: str, metadata: Mapping[str, str], tags: Mapping[str, str]
    ) -> str:
        """Replace metadata and tags of the version that *etag* was given for; return the new ETag.

        Raises:
            ConcurrentUpdateError: the blob has changed since, or is gone.

        """
        client, marked = self._client.get_blob_client(blob), _marked(metadata)
        written: str | None
        with storage_errors():
            try:
                properties = await client.set_blob_metadata(
                    marked, etag=etag, match_condition=MatchConditions.IfNotModified
                )
                written = str(properties["etag"])
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                written = await self._etag_of(blob, marked)
                if written is None:
                    raise ConcurrentUpdateError from error
        # No transaction spans both: a reader of the tags has to check the blob.
        await self.tag(blob, tags)
        return written

    async def tag(self, blob: str, tags: Mapping[str, str]) -> None:
        """Replace the tags of a blob, whatever its version; one that is gone is no error."""
        with storage_errors(), suppress(ResourceNotFoundError):
            await self._client.get_blob_client(blob).set_blob_tags(dict(tags))

    async def delete(self, blob: str, etag: str | None = None) -> None:
        """Delete a blob, with *etag* only in that version; one that is gone is no error.

        Raises:
            ConcurrentUpdateError: it has changed since *etag* was given for it.

        """
        condition: dict[str, Any] = {}
        if etag is not None:
            condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        with storage_errors():
            try:
                await self._client.delete_blob(blob, **condition)
            except ResourceNotFoundError:
                return
            except ResourceModifiedError as error:
                if await self.properties(blob) is not None:
                    raise ConcurrentUpdateError from error

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
    ) -> tuple[list[ListedBlob], str | None]:
        """Return blobs by name with their metadata, and the marker of the next page.

        Raises:
            InvalidParameterError: the marker was not given out by an earlier call.

        """
        with storage_errors():
            try:
                return await list_page(self._client, prefix, size, marker)
            except ResourceNotFoundError:
                return [], None
            except HttpResponseError as error:
                # Of such a request all but the marker is ours.
                if marker is None or error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                raise unknown_continuation() from error

    async def find(self, query: str, most: int) -> list[str]:
        """Return the names of at most *most* blobs whose tags fulfil *query*.

        Azurite looks at `LARGEST_PAGE` blobs and no further.
        """
        return [name for name, _ in await self.find_tagged(query, most)]

    async def find_tagged(self, query: str, most: int) -> list[tuple[str, dict[str, str]]]:
        """Return at most *most* blobs whose tags fulfil *query*, with the tags that it asks about.

        Azurite looks at `LARGEST_PAGE` blobs and no further.
        """
        blobs: list[tuple[str, dict[str, str]]] = []
        # No smaller pages: Azurite counts the blobs that it looks at, not those that it finds.
        found = self._client.find_blobs_by_tags(query, results_per_page=LARGEST_PAGE)
        with storage_errors():
            try:
                async for blob in found:
                    blobs.append((blob.name, dict(blob.tags or {})))
                    if len(blobs) == most:
                        break
            except ResourceNotFoundError:
                return []
        return blobs

    async def _etag_of(self, blob: str, marked: Mapping[str, str]) -> str | None:
        """Return the ETag of a blob if the write that left *marked* was the last one."""
        found = await self.properties(blob)
        if found is None or (found.metadata or {}).get(_WRITE) != marked[_WRITE]:
            return None
        return str(found.etag)

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


def _marked(metadata: Mapping[str, str] | None) -> dict[str, str]:
    return {**(metadata or {}), _WRITE: secrets.token_hex(8)}
