"""Documents of jobs in Blob Storage, under the name of the job."""

from __future__ import annotations

import json
from dataclasses import dataclass

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import LARGEST_PAGE
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import ConcurrentUpdateError


@dataclass(frozen=True)
class BlobDocuments:
    """The `Documents` over Blob Storage."""

    container: BlobContainer

    async def put(self, owner: str, job_id: str, name: str, document: JSONObject) -> bool:
        """Write a document unless it is there; return whether it was written."""
        body = json.dumps(document, separators=(",", ":"))
        return await self.container.create(f"{owner}/{job_id}/{name}.json", body) is not None

    async def replace(
        self, owner: str, job_id: str, name: str, old: JSONObject, new: JSONObject
    ) -> bool:
        """Write *new* over a document that still is *old*; return whether it was written."""
        blob = f"{owner}/{job_id}/{name}.json"
        found = await self.container.read(blob)
        if found is None or json.loads(found[0]) != old:
            return False
        body = json.dumps(new, separators=(",", ":"))
        try:
            await self.container.replace(blob, body, found[1].etag, {}, {})
        except ConcurrentUpdateError:
            return False
        return True

    async def get(self, owner: str, job_id: str, name: str) -> JSONObject | None:
        """Return a document, or None if it was never written."""
        found = await self.container.read(f"{owner}/{job_id}/{name}.json")
        if found is None:
            return None
        document: JSONObject = json.loads(found[0])
        return document

    async def delete(self, owner: str, job_id: str) -> None:
        """Delete all documents of a job; what is gone is no error."""
        marker: str | None = None
        while True:
            blobs, marker = await self.container.page(f"{owner}/{job_id}/", LARGEST_PAGE, marker)
            for blob in blobs:
                await self.container.delete(blob.name)
            if marker is None:
                return
