"""Deliveries in Blob Storage: a blob for each, named so that a listing has the newest job first."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import ListedBlob
from qjobs.adapters.continuation import Place, place_of, token_of
from qjobs.adapters.record_walk import RecordWalk
from qjobs.adapters.webhook_record import decode_delivery, encode_delivery
from qjobs.domain.delivery import Delivery
from qjobs.domain.errors import UnreadableRecordError
from qjobs.webhook_ports import DeliveryFilter, DeliveryPage, StoredDelivery

_log = logging.getLogger(__name__)
_MOST_SCANS = 5
"""Listings that a page is looked for in, while none of what they have passes its filter."""


@dataclass(frozen=True)
class BlobDeliveries:
    """The `Deliveries` over Blob Storage."""

    container: BlobContainer
    _walk: RecordWalk = field(init=False)

    def __post_init__(self) -> None:
        """Begin a walk."""
        object.__setattr__(self, "_walk", RecordWalk(self.container))

    async def create(self, delivery: Delivery) -> StoredDelivery | None:
        """Write the record of a new delivery; return None if there is one of its id."""
        etag = await self.container.create(_name(delivery), "", _metadata(delivery))
        return None if etag is None else StoredDelivery(delivery, etag)

    async def get(self, owner: str, webhook_id: str, delivery_id: str) -> StoredDelivery | None:
        """Return a delivery, or None if there is none of that id."""
        found = await self.container.properties(f"{owner}/{webhook_id}/{delivery_id}")
        return None if found is None else _stored(str(found.etag), found.metadata)

    async def save(self, delivery: Delivery, etag: str) -> StoredDelivery:
        """Replace the record that *etag* was given for."""
        name, metadata = _name(delivery), _metadata(delivery)
        return StoredDelivery(delivery, await self.container.replace(name, "", etag, metadata, {}))

    async def page(
        self, owner: str, wanted: DeliveryFilter, size: int, continuation: str | None
    ) -> DeliveryPage:
        """Return at most *size* deliveries; one listing, or with a filter up to five."""
        marker = None if continuation is None else place_of(continuation, owner, wanted).marker
        prefix = f"{owner}/{wanted.webhook_id}/"
        for _ in range(_MOST_SCANS):
            blobs, marker = await self.container.page(prefix, size, marker)
            passing = [one for one in _readable(blobs) if wanted.admits(one.delivery)]
            if passing or marker is None:
                break
        token = token_of(Place(marker), owner, wanted) if marker else None
        return DeliveryPage(passing, token)

    async def walk(self) -> Sequence[StoredDelivery]:
        """Return the next portion of all deliveries; call by call every one comes by."""
        return list(_readable(await self._walk.portion()))

    async def delete(self, stored: StoredDelivery) -> None:
        """Delete a delivery; what is gone is no error."""
        await self.container.delete(_name(stored.delivery), stored.etag)


def _name(delivery: Delivery) -> str:
    return f"{delivery.owner}/{delivery.webhook_id}/{delivery.id}"


def _metadata(delivery: Delivery) -> dict[str, str]:
    return {"record": encode_delivery(delivery)}


def _stored(etag: str, metadata: Mapping[str, str] | None) -> StoredDelivery:
    try:
        return StoredDelivery(decode_delivery((metadata or {})["record"]), etag)
    except (LookupError, TypeError, ValueError) as error:
        raise UnreadableRecordError from error


def _readable(blobs: Iterable[ListedBlob]) -> Iterable[StoredDelivery]:
    """Yield the deliveries of a listing; some may be of a version that is not known."""
    for blob in blobs:
        try:
            yield _stored(blob.etag, blob.metadata)
        except UnreadableRecordError as error:
            about = {"action": "record_unreadable"}
            _log.error(
                "The record of %s cannot be read: %r.", blob.name, error.__cause__, extra=about
            )
