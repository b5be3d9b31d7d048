"""Listeners in Blob Storage: one empty blob for each way of each caller, listed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import LARGEST_PAGE
from qjobs.ports import Listener

_CONTENT = "{}"


@dataclass(frozen=True)
class BlobListeners:
    """The `Listeners` over Blob Storage."""

    container: BlobContainer

    async def note(self, owner: str, way: str) -> None:
        """Note that a caller listens in a way, from now on."""
        await self.container.put(f"{owner}/{way}", _CONTENT)

    async def remove(self, owner: str, way: str) -> None:
        """Note that a caller no longer listens in a way; one that did not is no error."""
        await self.container.delete(f"{owner}/{way}")

    async def forget(self, listener: Listener) -> None:
        """Remove a listener as it was listed.

        Raises:
            ConcurrentUpdateError: it has been noted again since.

        """
        await self.container.delete(f"{listener.owner}/{listener.way}", listener.etag)

    async def all(self) -> Sequence[Listener]:
        """Return every way of every caller, at the cost of one transaction for some thousands."""
        listeners: list[Listener] = []
        marker: str | None = None
        while True:
            blobs, marker = await self.container.page("", LARGEST_PAGE, marker)
            for blob in blobs:
                owner, _, way = blob.name.partition("/")
                listeners.append(Listener(owner, way, blob.last_modified, blob.etag))
            if marker is None:
                return listeners
