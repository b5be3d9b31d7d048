"""Heartbeats in Blob Storage: one blob for each function of each region.

When a function last ran is when its blob was last modified, so a listing of the container says
everything, and the storage's clock is the only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import ListedBlob
from qjobs.domain.heartbeat import LastBeat

_CONTENT = "{}"
_MOST = 1000


@dataclass(frozen=True)
class BlobHeartbeats:
    """The `Heartbeats` over Blob Storage."""

    container: BlobContainer

    async def note(self, region: str, function: str) -> None:
        """Note that a function runs in a region now."""
        await self.container.put(f"{region}/{function}", _CONTENT)

    async def expect(self, region: str, function: str) -> None:
        """Note that a function should run in a region from now on, unless anything is noted."""
        await self.container.create(f"{region}/{function}", _CONTENT)

    async def last(self) -> Sequence[LastBeat]:
        """Return the last beat of each function, at the cost of one transaction."""
        blobs, _ = await self.container.page("", _MOST, None)
        return [_beat(blob) for blob in blobs]


def _beat(blob: ListedBlob) -> LastBeat:
    region, _, function = blob.name.partition("/")
    return LastBeat(region, function, blob.last_modified)
