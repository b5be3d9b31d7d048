"""Jobs in Blob Storage, one blob each, named by owner and id.

Ids sort newest first, so a listing of an owner's blobs is the list of its jobs. The record is in
the metadata: a listing returns a page of jobs without opening any, and a change of the record
leaves the content alone. The content is the input until the job succeeds and the result from
then on, so that result and state change in one write. The tag `due` makes overdue jobs a query
instead of a scan.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from azure.storage.blob import BlobProperties

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.continuation import marker_of, token_of
from qjobs.adapters.job_record import decode, encode
from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import ConcurrentUpdateError, UnknownJobError
from qjobs.domain.job import Job
from qjobs.ports import JobFilter, Page, Reservation, Stored

_log = logging.getLogger(__name__)
_MOST_SCANS = 20
"""Listings that one filtered page may cost."""


class UnreadableRecordError(Exception):
    """The record of a job cannot be read: another version wrote it, or it is damaged."""


@dataclass(frozen=True)
class BlobJobStore:
    """The `JobStore` over Blob Storage."""

    records: BlobContainer
    reservations: BlobContainer

    async def create(self, job: Job, job_input: JSONObject) -> Stored:
        """Write the record of a new job, with its input as the content."""
        etag = await self.records.create(
            f"{job.owner}/{job.id}", _text(job_input), _metadata(job), _tags(job)
        )
        if etag is None:
            raise ConcurrentUpdateError
        return Stored(job, etag)

    async def get(self, owner: str, job_id: str) -> Stored:
        """Return a job, without its content."""
        found = await self.records.properties(f"{owner}/{job_id}")
        if found is None:
            raise UnknownJobError
        return _stored(found)

    async def read(self, owner: str, job_id: str) -> tuple[Stored, JSONObject]:
        """Return a job with its content: its input, or its result once it succeeded."""
        found = await self.records.read(f"{owner}/{job_id}")
        if found is None:
            raise UnknownJobError
        content, properties = found
        return _stored(properties), json.loads(content)

    async def save(self, job: Job, etag: str) -> Stored:
        """Replace the record that *etag* was given for, leaving its content alone."""
        name = f"{job.owner}/{job.id}"
        return Stored(job, await self.records.annotate(name, etag, _metadata(job), _tags(job)))

    async def finish(self, job: Job, etag: str, result: JSONObject) -> Stored:
        """Replace the record that *etag* was given for, and its input by its result, at once."""
        name, content = f"{job.owner}/{job.id}", _text(result)
        etag = await self.records.replace(name, content, etag, _metadata(job), _tags(job))
        return Stored(job, etag)

    async def page(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner; one listing, or with a filter a few."""
        marker = None if continuation is None else marker_of(continuation, owner, wanted)
        jobs: list[Job] = []
        for _ in range(_MOST_SCANS):
            blobs, marker = await self.records.page(f"{owner}/", size, marker)
            jobs = [job for job in _readable(blobs) if wanted.admits(job)]
            if jobs or marker is None:
                break
        return Page(jobs, token_of(marker, owner, wanted) if marker else None)

    async def overdue(self, now: datetime, most: int) -> Sequence[tuple[str, str]]:
        """Return owner and id of jobs that should have moved before *now*."""
        names = await self.records.find(f"\"due\" < '{times.to_text(now)}'", most)
        return [(owner, job_id) for owner, _, job_id in (name.partition("/") for name in names)]

    async def reserve(self, owner: str, key: str, wanted: Reservation) -> Reservation:
        """Bind an idempotency key to *wanted*, or return what it is bound to already."""
        name = f"{owner}/{sha256(key.encode()).hexdigest()}"
        if await self.reservations.create(name, json.dumps(asdict(wanted))):
            return wanted
        found = await self.reservations.read(name)
        return Reservation(**json.loads(found[0])) if found else wanted


def _stored(properties: BlobProperties) -> Stored:
    try:
        job = decode(properties.metadata["record"])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnreadableRecordError(properties.name) from error
    return Stored(job, str(properties.etag))


def _readable(blobs: Sequence[BlobProperties]) -> Iterator[Job]:
    """Yield the jobs of a listing; after a rollback some may be of a version that is not known."""
    for blob in blobs:
        try:
            yield _stored(blob).job
        except UnreadableRecordError:
            _log.exception(
                "A list leaves out %s.", blob.name, extra={"action": "record_unreadable"}
            )


def _text(content: JSONObject) -> str:
    return json.dumps(content, separators=(",", ":"))


def _metadata(job: Job) -> dict[str, str]:
    return {"record": encode(job)}


def _tags(job: Job) -> dict[str, str]:
    return {"due": times.to_text(job.due)} if job.due else {}
