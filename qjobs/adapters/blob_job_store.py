"""Jobs in Blob Storage, one blob each, named by owner and id.

Ids sort newest first, so a listing of an owner's blobs is the list of its jobs. The record is in
the metadata: a listing returns a page of jobs without opening any, and a change of the record
leaves the content alone. The content is the input until the job succeeds and the result from
then on, so that result and state change in one write.

The tag `due` makes overdue jobs a query instead of a scan, and the tag `status` those that have not
ended. They only point to them: tags and record are two writes, so what counts is the record, and a
walk by all records finds what a tag hides.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_listing import LARGEST_PAGE, ListedBlob
from qjobs.adapters.continuation import Place, place_of, token_of
from qjobs.adapters.job_record import decode, encode
from qjobs.adapters.record_walk import PORTION, RecordWalk
from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    TransientError,
    UnknownJobError,
    UnreadableRecordError,
)
from qjobs.domain.identifiers import creation_time, key_digest
from qjobs.domain.job import Job, Status
from qjobs.ports import (
    MOST_UNFINISHED,
    JobFilter,
    Page,
    Reservation,
    Stored,
    Unfinished,
)

_log = logging.getLogger(__name__)
_MOST_SCANS = 3
"""Listings that one page of jobs may cost."""
_WITHOUT_PAUSE = 200
"""Records that are decoded before others have their turn."""
_AT_ONCE = 16
"""Records that are looked at side by side."""
_MOST_FAILURES = 64
"""Records that could not be read, after which storage is left alone until the next time."""
_SIMULATED = " simulated"
"""What the tag `status` of a job for a simulator ends with."""
_MOST_REPORTED = 1000
"""Unreadable records that one process remembers."""


@dataclass(frozen=True)
class BlobJobStore:
    """The `JobStore` over Blob Storage."""

    records: BlobContainer
    reservations: BlobContainer
    largest_page: int = LARGEST_PAGE
    """Blobs that it lists at once."""
    _reported: set[str] = field(default_factory=set)
    """Unreadable records that the log has already."""

    @cached_property
    def _walk(self) -> RecordWalk:
        return RecordWalk(self.records, min(PORTION, self.largest_page))

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
        return _stored(str(found.etag), found.metadata)

    async def read(self, owner: str, job_id: str) -> tuple[Stored, JSONObject]:
        """Return a job with its content: its input, or its result once it succeeded."""
        found = await self.records.read(f"{owner}/{job_id}")
        if found is None:
            raise UnknownJobError
        content, properties = found
        stored = _stored(str(properties.etag), properties.metadata)
        return stored, json.loads(content)

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
        """Return at most *size* jobs of an owner; one listing, or with a filter up to three.

        The first listing is no larger than what is asked for, which suffices where most jobs pass.
        If none does, the next ones are as large as storage allows. A page may end in the middle of
        those; the next one then begins with a listing that is just long enough to go on there.
        """
        place = None if continuation is None else place_of(continuation, owner, wanted)
        marker = place.marker if place else None
        after = f"{owner}/{place.after}" if place else ""
        most = min(self.largest_page, size + (place.skip if place else 0))
        for _ in range(_MOST_SCANS):
            blobs, following = await self.records.page(f"{owner}/", most, marker)
            passing = [
                (index, stored.job)
                async for index, stored in self._readable(blobs)
                if blobs[index].name > after and wanted.admits(stored.job)
            ]
            if len(passing) > size and marker is not None:
                jobs = [job for _, job in passing[:size]]
                rest = Place(marker, passing[size - 1][0] + 1, jobs[-1].id)
                return Page(jobs, token_of(rest, owner, wanted))
            if passing or following is None:
                break
            marker, most = following, self.largest_page
        token = token_of(Place(following), owner, wanted) if following else None
        return Page([job for _, job in passing], token)

    async def overdue(self, now: datetime, most: int) -> Sequence[Stored]:
        """Return jobs that should have moved before *now*, by their records.

        A tag that says otherwise than its record was left by a process that died between the two,
        or that came late; it is corrected here. Any process may do so at any time: a tag that is
        wrong again is found again, or the walk comes by. A record that cannot be read at the moment
        is left for the next time, so that of many some are found whenever storage answers at all.
        """
        names = await self.records.find(f"\"due\" < '{times.to_text(now)}'", LARGEST_PAGE)
        names = [name for name in names if name not in self._reported]
        late: list[Stored] = []
        failures: list[TransientError] = []
        for start in range(0, len(names), _AT_ONCE):
            looks = [self._look(name, now) for name in names[start : start + _AT_ONCE]]
            for seen in await asyncio.gather(*looks, return_exceptions=True):
                if isinstance(seen, TransientError):
                    failures.append(seen)
                elif isinstance(seen, BaseException):
                    raise seen
                elif seen is not None:
                    late.append(seen)
            if len(late) >= most or len(failures) >= _MOST_FAILURES:
                break
        if failures and not late:
            raise failures[0]
        return late[:most]

    async def unfinished(self) -> Sequence[Unfinished]:
        """Return the jobs that have not ended, by their tags; the age is in the id."""
        found = await self.records.find_tagged("\"status\" >= 'A'", MOST_UNFINISHED)
        return [
            Unfinished(
                Status(tags["status"].removesuffix(_SIMULATED)),
                tags["status"].endswith(_SIMULATED),
                creation_time(name.rpartition("/")[2]),
            )
            for name, tags in found
        ]

    async def walk(self) -> Sequence[Stored]:
        """Return the next portion of all jobs; call by call every job comes by."""
        blobs = await self._walk.portion()
        return [stored async for _, stored in self._readable(blobs)]

    async def _look(self, name: str, now: datetime) -> Stored | None:
        """Return the job under a name if it is overdue; make its tag agree with its record."""
        found = await self.records.properties(name)
        if found is None:
            return None
        try:
            stored = _stored(str(found.etag), found.metadata)
        except UnreadableRecordError as error:
            self._report(name, error)
            return None
        if stored.job.due is not None and stored.job.due < now:
            return stored
        await self.records.tag(name, _tags(stored.job))
        return None

    async def reserve(self, owner: str, key: str, wanted: Reservation) -> Reservation:
        """Bind an idempotency key to *wanted*, or return what it is bound to already."""
        name = f"{owner}/{key_digest(key)}"
        # Our own, if only the answer of an earlier attempt got lost: the id of its job is random.
        held = await self.reservations.create_or_read(name, json.dumps(asdict(wanted)))
        return Reservation(**json.loads(held))

    async def delete(self, stored: Stored) -> None:
        """Delete a job and, before it, the reservation of its key; what is gone is no error."""
        job = stored.job
        await self.release(job)
        await self.records.delete(f"{job.owner}/{job.id}", stored.etag)

    async def release(self, job: Job) -> None:
        """Delete the reservation of a job's key, if it is of this job: another may hold it now."""
        name = f"{job.owner}/{job.key}"
        found = await self.reservations.read(name) if job.key is not None else None
        if found is not None and json.loads(found[0])["job_id"] == job.id:
            await self.reservations.delete(name, str(found[1].etag))

    async def _readable(self, blobs: Sequence[ListedBlob]) -> AsyncIterator[tuple[int, Stored]]:
        """Yield the jobs of a listing by index; some may be of a version that is not known."""
        for index, blob in enumerate(blobs):
            if index % _WITHOUT_PAUSE == _WITHOUT_PAUSE - 1:
                await asyncio.sleep(0)
            try:
                yield index, _stored(blob.etag, blob.metadata)
            except UnreadableRecordError as error:
                self._report(blob.name, error)

    def _report(self, name: str, error: UnreadableRecordError) -> None:
        """Log once that a record cannot be read: it is seen again every minute."""
        if name in self._reported or len(self._reported) >= _MOST_REPORTED:
            return
        self._reported.add(name)
        _log.error(
            "The record of %s cannot be read: %r. Lists and reconciliation leave it out.",
            name,
            error.__cause__,
            extra={"action": "record_unreadable"},
        )


def _stored(etag: str, metadata: Mapping[str, str] | None) -> Stored:
    try:
        job = decode((metadata or {})["record"])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnreadableRecordError from error
    return Stored(job, etag)


def _text(content: JSONObject) -> str:
    return json.dumps(content, separators=(",", ":"))


def _metadata(job: Job) -> dict[str, str]:
    return {"record": encode(job)}


def _tags(job: Job) -> dict[str, str]:
    tags = {"due": times.to_text(job.due)} if job.due else {}
    if not job.final:
        # In one tag, because a query returns those alone that it asks about.
        tags["status"] = job.status + (_SIMULATED if job.requested_target.simulated else "")
    return tags
