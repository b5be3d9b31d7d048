"""Status of a timer in storage, by which a start finds that it missed a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient

_CONTAINER = "azure-webjobs-hosts"
NEVER = "0001-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Status:
    """When a timer ran and is to run, as the Functions host writes it."""

    last: str
    next: datetime
    updated: str

    def document(self) -> dict[str, str]:
        """Return the JSON object that the function gets and the blob holds."""
        return {"Last": self.last, "Next": self.next.isoformat(), "LastUpdated": self.updated}


class ScheduleMonitor:
    """The blob with the status of a timer."""

    def __init__(self, blobs: BlobServiceClient, function: str) -> None:
        self._container = blobs.get_container_client(_CONTAINER)
        self._name = f"timers/localdev/Host.Functions.{function}/status"

    async def read(self) -> Status | None:
        """Return the status; None before the first start."""
        try:
            found = await self._container.download_blob(self._name)
        except ResourceNotFoundError:
            return None
        said = json.loads(await found.readall())
        return Status(said["Last"], datetime.fromisoformat(said["Next"]), said["LastUpdated"])

    async def write(self, status: Status) -> None:
        """Replace the status."""
        if not await self._container.exists():
            await self._container.create_container()
        await self._container.upload_blob(self._name, json.dumps(status.document()), overwrite=True)
