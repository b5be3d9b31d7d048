"""A walk by every record, one portion at a time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import ListedBlob

PORTION = 1000
"""Blobs of a portion: listing them takes a moment in which a laptop's storage does nothing else."""
_PARTS = 16
"""Parts of a large container: names begin with the owner's key, which is hexadecimal."""


@dataclass
class RecordWalk:
    """An endless round through a container, in which each portion is a page.

    While all fits into one page, a portion is everything. Beyond that a round goes through the
    parts, and begins with any: a process that does not live long enough for a round must not see
    the same portion each time.
    """

    records: BlobContainer
    page_size: int = PORTION
    _left: int = 0
    """Parts of this round that are not finished."""
    _part: int = field(default_factory=lambda: secrets.randbelow(_PARTS))
    _marker: str | None = None

    async def portion(self) -> list[ListedBlob]:
        """Return the next portion; a round costs one listing a page, and one to begin with."""
        blobs: list[ListedBlob] = []
        if self._left == 0:
            blobs, further = await self.records.page("", self.page_size, None)
            if further is None:
                return blobs
            self._left, self._marker = _PARTS, None
        # Lost with any error, such as a marker that storage knows no more: the part begins anew.
        marker, self._marker = self._marker, None
        page, self._marker = await self.records.page(f"{self._part:x}", self.page_size, marker)
        if self._marker is None:
            self._part = (self._part + 1) % _PARTS
            self._left -= 1
        seen = {blob.name for blob in blobs}
        return blobs + [blob for blob in page if blob.name not in seen]
