"""The ports: interfaces of the services to the outside, as small protocols.

Unless stated otherwise every method may raise a `TransientError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.errors import Violation
from qjobs.domain.event import JobEvent
from qjobs.domain.heartbeat import Heartbeat, LastBeat
from qjobs.domain.job import Job, Status
from qjobs.domain.messages import Message, Queue
from qjobs.domain.plan import Plan, ProviderJob, ProviderStatus
from qjobs.domain.submission import SubmissionRules
from qjobs.domain.target import Target
from qjobs.telemetry import Telemetry
from qjobs.webhook_ports import Deliveries, MasterSecret, Webhooks, WebhookSender


class Clock(Protocol):
    """The time; nothing else asks the system for it."""

    def now(self) -> datetime:
        """Return the current time, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return after *seconds*."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A job as it was read or written, with the ETag that a later write must match."""

    job: Job
    etag: str


@dataclass(frozen=True, slots=True)
class JobFilter:
    """A filter for the list of a caller's jobs; None does not restrict."""

    status: Status | None = None
    algorithm: str | None = None
    tag: str | None = None
    now: datetime | None = None
    """Leaves out what has expired by then."""

    @property
    def key(self) -> Sequence[str | None]:
        """The values that a continuation token is bound to."""
        return self.status, self.algorithm, self.tag

    def admits(self, job: Job) -> bool:
        """Return whether *job* passes."""
        return (
            self.status in (None, job.status)
            and self.algorithm in (None, job.algorithm)
            and (self.tag is None or self.tag in job.tags)
            and not (self.now is not None and job.is_expired(self.now))
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list, newest job first."""

    jobs: Sequence[Job]
    continuation: str | None
    """The continuation token of the next page; None on the last page."""


MOST_UNFINISHED = 50_000
"""Jobs that are counted before counting ends."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A job that has not ended, as it is counted."""

    status: Status
    simulated: bool
    """Whether a simulator is asked for: devices have queues of days."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """An idempotency key in use."""

    job_id: str
    fingerprint: str
    """Digest of the request it was first used with."""


class JobStore(Protocol):
    """The records of jobs, each changed only under its ETag."""

    async def create(self, job: Job, job_input: JSONObject) -> Stored:
        """Write the record of a new job, with its input as the content.

        Raises:
            ConcurrentUpdateError: a record with its id exists.

        """

    async def get(self, owner: str, job_id: str) -> Stored:
        """Return a job, without its content.

        Raises:
            UnknownJobError: the owner has no such job.
            UnreadableRecordError: its record is of a version that is not known, or damaged.

        """

    async def read(self, owner: str, job_id: str) -> tuple[Stored, JSONObject]:
        """Return a job with its content: its input, or its result once it succeeded.

        Raises:
            UnknownJobError: the owner has no such job.
            UnreadableRecordError: its record is of a version that is not known, or damaged.

        """

    async def save(self, job: Job, etag: str) -> Stored:
        """Replace the record that *etag* was given for, leaving its content alone.

        Raises:
            ConcurrentUpdateError: the record has changed since.

        """

    async def finish(self, job: Job, etag: str, result: JSONObject) -> Stored:
        """Replace the record that *etag* was given for, and its input by its result, at once.

        Raises:
            ConcurrentUpdateError: the record has changed since.

        """

    async def page(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner.

        The cost depends on the page, not on how many jobs there are; a filtered page may hold
        fewer jobs than there are, or none, and still have a next one.

        Raises:
            InvalidParameterError: *continuation* was not given out by an earlier call.

        """

    async def overdue(self, now: datetime, most: int) -> Sequence[Stored]:
        """Return jobs that should have moved before *now*; in rare cases one is missed."""

    async def unfinished(self) -> Sequence[Unfinished]:
        """Return the jobs that have not ended, as of a moment ago, up to `MOST_UNFINISHED`.

        The cost is one transaction for some thousands of them.
        """

    async def walk(self) -> Sequence[Stored]:
        """Return the next portion of all jobs; call by call every job comes by.

        The cost of a call is bounded. A job whose record cannot be read is left out.
        """

    async def reserve(self, owner: str, key: str, wanted: Reservation) -> Reservation:
        """Bind an idempotency key to *wanted*, or return what it is bound to already."""

    async def release(self, job: Job) -> None:
        """Give up the reservation of the key of a job that was never created."""

    async def delete(self, stored: Stored) -> None:
        """Delete a job and, before it, the reservation of its key; what is gone is no error.

        Raises:
            ConcurrentUpdateError: the record has changed since.

        """


class Documents(Protocol):
    """Documents of a job beside its record, such as its steps; each is written once."""

    async def put(self, owner: str, job_id: str, name: str, document: JSONObject) -> bool:
        """Write a document unless it is there; return whether it was written."""

    async def replace(
        self, owner: str, job_id: str, name: str, old: JSONObject, new: JSONObject
    ) -> bool:
        """Write *new* over a document that still is *old*; return whether it was written."""

    async def get(self, owner: str, job_id: str, name: str) -> JSONObject | None:
        """Return a document, or None if it was never written."""

    async def delete(self, owner: str, job_id: str) -> None:
        """Delete all documents of a job; what is gone is no error."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message that was sent, by which it can be deleted."""

    queue: str
    message: str
    pop: str


@dataclass(frozen=True, slots=True)
class Listener:
    """A caller that listens in some way, as it was noted last."""

    owner: str
    way: str
    noted: datetime
    etag: str
    """Of this note: the next one has another."""


class WorkQueue(Protocol):
    """The queues that drive the engine."""

    async def send(
        self, message: Message | DeliveryMessage | Heartbeat, delay: float = 0.0
    ) -> Receipt:
        """Queue a message that becomes visible after *delay* seconds, for its lifetime."""

    async def hide(self, receipt: Receipt, delay: float) -> Receipt | None:
        """Keep a message that was sent here hidden for *delay* seconds from now.

        Returns:
            The receipt that counts from now on; None if the message has been handed out or is gone.

        """

    async def delete(self, receipt: Receipt) -> None:
        """Take back a message that was sent here, unless it has been handed out since."""

    async def oldest(self, queue: Queue) -> datetime | None:
        """Return when the message at the head of a queue was sent; None if none is visible."""


class Listeners(Protocol):
    """The callers that are told of changes of their jobs, and the ways in which they are."""

    async def note(self, owner: str, way: str) -> None:
        """Note that a caller listens in a way, from now on."""

    async def remove(self, owner: str, way: str) -> None:
        """Note that a caller no longer listens in a way; one that did not is no error."""

    async def forget(self, listener: Listener) -> None:
        """Remove a listener as it was listed.

        Raises:
            ConcurrentUpdateError: it has been noted again since.

        """

    async def all(self) -> Sequence[Listener]:
        """Return every way of every caller, at the cost of one transaction for some thousands."""


class Announcements(Protocol):
    """One way of telling callers of changes of their jobs."""

    @property
    def way(self) -> str:
        """Its name among the ways of a listener."""

    @property
    def lasts(self) -> timedelta | None:
        """The time for which it lasts from the last note of a listener; None is for ever."""

    async def tell(self, event: JobEvent) -> None:
        """Tell the owner of a job of its change, or queue that.

        No error of a receiver comes back; one of ours does, such as of storage.
        """


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """The address at which the clients of one caller connect to hear of its jobs."""

    url: str
    """With a token: whoever has it hears what its owner does."""
    protocol: str
    """The WebSocket subprotocol."""
    expires_at: datetime
    """From then on nobody can connect with it, and its owner is not told of anything."""


class Channel(Protocol):
    """The channel to the clients of callers, one of the `Announcements`."""

    @property
    def way(self) -> str:
        """Its name among the ways of a listener."""

    async def address(self, owner: str) -> ChannelAddress:
        """Return an address for the clients of a caller.

        Raises:
            ChannelUnavailableError: it cannot be had at the moment.

        """


class Heartbeats(Protocol):
    """The last beat of every function in every region of the deployment."""

    async def note(self, region: str, function: str) -> None:
        """Note that a function runs in a region now."""

    async def expect(self, region: str, function: str) -> None:
        """Note that a function should run in a region from now on, unless anything is noted."""

    async def last(self) -> Sequence[LastBeat]:
        """Return the last beat of each function, at the cost of one transaction."""


class Catalogue(Protocol):
    """The descriptions of the algorithms; no algorithm is imported to read them."""

    def all(self) -> Sequence[JSONObject]:
        """Return the short description of every algorithm, ordered by id."""

    def describe(self, algorithm: str) -> JSONObject:
        """Return the full description of one algorithm.

        Raises:
            UnknownAlgorithmError: there is none of that id.

        """

    def submission_rules(self, algorithm: str) -> SubmissionRules:
        """Return the rules for submissions to one algorithm.

        Raises:
            UnknownAlgorithmError: there is none of that id.

        """

    def check(self, algorithm: str, candidate: JSONObject) -> tuple[JSONObject, list[Violation]]:
        """Return the input with the schema's defaults filled in, and its violations of the schema.

        The pointers of the violations are relative to the input; beyond `MOST_COUNTED` there may
        be more.
        """


class AlgorithmRunner(Protocol):
    """Execution of the algorithms, in threads."""

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered.

        Raises:
            RequestError: the input cannot be computed.
            PermanentError: the algorithm failed.

        """

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered.

        Raises:
            PermanentError: the algorithm failed.

        """


class QuantumProvider(Protocol):
    """The quantum workspace.

    No call waits for long: what does not respond in time raises `ProviderUnavailableError`, as does
    what has not responded to others. A job is named with the target that it was
    submitted to, so that a target that is slow keeps no other waiting; the empty string stands for
    one that is not known.
    """

    async def targets(self) -> Sequence[Target]:
        """Return the targets of the workspace, up to half a minute old.

        While the workspace does not tell they are older, up to a quarter of an hour.
        """

    async def submit(self, job: ProviderJob) -> None:
        """Run a job under its id; one that is there already under that id is left as it is.

        Raises:
            OptionsRejectedError: the target cannot take its options.
            PermanentError: the provider refuses it.

        """

    async def status(self, target: str, provider_job_id: str) -> ProviderStatus:
        """Return the status of a provider job.

        Raises:
            UnknownProviderJobError: there is no such job, or none yet.

        """

    async def counts(self, target: str, provider_job_id: str) -> Counts:
        """Return the counts of a provider job that succeeded.

        Raises:
            UnknownProviderJobError: there is no such job, or none yet.
            PermanentError: they cannot be understood.

        """

    async def open_session(self, target: str, session_id: str, name: str) -> None:
        """Open a session for jobs at a target; one that is there already is left as it is.

        A session makes the jobs in it quicker, and is no condition of theirs: where none can be
        opened, or it is over when a job comes, the job runs without it.
        """

    async def close_session(self, target: str, session_id: str) -> None:
        """Close a session; one that is over, or not known, is as good as closed."""

    async def cancel(self, target: str, provider_job_id: str) -> ProviderStatus | None:
        """Ask for a job to stop, unless it is over; return its status, None if there is none.

        Raises:
            PermanentError: the target does not cancel it.

        """


class Ports(Protocol):
    """All ports together."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def catalogue(self) -> Catalogue:
        """The descriptions of the algorithms."""

    @property
    def jobs(self) -> JobStore:
        """The records of jobs."""

    @property
    def documents(self) -> Documents:
        """The steps of jobs."""

    @property
    def queue(self) -> WorkQueue:
        """The work queues."""

    @property
    def heartbeats(self) -> Heartbeats:
        """The last beat of every function."""

    @property
    def listeners(self) -> Listeners:
        """The callers that are told of changes."""

    @property
    def webhooks(self) -> Webhooks:
        """The webhooks of callers."""

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries of events to them."""

    @property
    def webhook_sender(self) -> WebhookSender:
        """Requests to them."""

    @property
    def webhook_master(self) -> MasterSecret:
        """The secret that theirs are derived from."""

    @property
    def announcements(self) -> Sequence[Announcements]:
        """The ways in which they are told; none if the deployment has none."""

    @property
    def channel(self) -> Channel | None:
        """The channel to the clients of callers; None if the deployment has none."""

    @property
    def telemetry(self) -> Telemetry:
        """Spans and metrics."""

    @property
    def algorithms(self) -> AlgorithmRunner:
        """Execution of the algorithms."""

    @property
    def provider(self) -> QuantumProvider:
        """The quantum workspace."""
