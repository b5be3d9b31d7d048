"""The ports in memory: real classes, held to the same contract tests as the adapters."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.target_table import target_facts
from qjobs.adapters.web_pubsub import PROTOCOL
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    InvalidParameterError,
    OptionsRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    UnknownJobError,
    UnknownProviderJobError,
)
from qjobs.domain.event import JobEvent
from qjobs.domain.heartbeat import Heartbeat, LastBeat
from qjobs.domain.identifiers import key_digest
from qjobs.domain.job import Job
from qjobs.domain.messages import Message, Queue
from qjobs.domain.options import option_violations
from qjobs.domain.plan import Phase, Plan, ProviderJob, ProviderStatus
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.target import Target
from qjobs.domain.target_facts import Kind as TargetKind
from qjobs.domain.trace_context import trace_id
from qjobs.ports import (
    ChannelAddress,
    Clock,
    JobFilter,
    Listener,
    Page,
    Receipt,
    Reservation,
    Stored,
    Unfinished,
)
from qjobs.telemetry import (
    Attributes,
    Kind,
    Metric,
    NoTelemetry,
    Number,
    Span,
    Telemetry,
    error_type,
)
from tests.webhook_fakes import FakeDeliveries, FakeMaster, FakeSender, FakeWebhooks

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


class FakeClock:
    """A clock that only moves when somebody sleeps, or when a test says so."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the moment."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move on by *seconds* at once."""
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)


class FakeJobStore:
    """Records in a dictionary."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Stored] = {}
        self._contents: dict[tuple[str, str], JSONObject] = {}
        self._reserved: dict[tuple[str, str], Reservation] = {}
        self._versions = itertools.count(1)
        self._tokens: dict[str, tuple[str, JobFilter, str]] = {}

    async def create(self, job: Job, job_input: JSONObject) -> Stored:
        """Write the record of a new job, with its input as the content."""
        if (job.owner, job.id) in self._records:
            raise ConcurrentUpdateError
        self._contents[job.owner, job.id] = job_input
        return self._write(job)

    async def get(self, owner: str, job_id: str) -> Stored:
        """Return a job."""
        try:
            return self._records[owner, job_id]
        except KeyError:
            raise UnknownJobError from None

    async def read(self, owner: str, job_id: str) -> tuple[Stored, JSONObject]:
        """Return a job with its content."""
        return await self.get(owner, job_id), self._contents[owner, job_id]

    async def finish(self, job: Job, etag: str, result: JSONObject) -> Stored:
        """Replace the record that *etag* was given for, and its input by its result."""
        saved = await self.save(job, etag)
        self._contents[job.owner, job.id] = result
        return saved

    async def save(self, job: Job, etag: str) -> Stored:
        """Replace the record that *etag* was given for, leaving its content alone."""
        current = self._records.get((job.owner, job.id))
        if current is None or current.etag != etag:
            raise ConcurrentUpdateError
        return self._write(job)

    async def page(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner."""
        listed = replace(wanted, now=None)
        if continuation is None:
            after = ""
        elif self._tokens.get(continuation, ())[:2] == (owner, listed):
            after = self._tokens[continuation][2]
        else:
            raise InvalidParameterError.of("Is of no list.", parameter="continuationToken")
        ids = sorted(job_id for holder, job_id in self._records if holder == owner)
        rest = [
            job
            for job_id in ids
            if job_id > after and wanted.admits(job := self._records[owner, job_id].job)
        ]
        page = rest[:size]
        if len(rest) == len(page):
            return Page(page, None)
        token = f"page-{len(self._tokens)}"
        self._tokens[token] = owner, listed, page[-1].id
        return Page(page, token)

    async def overdue(self, now: datetime, most: int) -> Sequence[Stored]:
        """Return jobs that should have moved before *now*."""
        every = self._records.values()
        late = [stored for stored in every if stored.job.due and stored.job.due < now]
        return late[:most]

    async def unfinished(self) -> Sequence[Unfinished]:
        """Return the jobs that have not ended."""
        jobs = [stored.job for stored in self._records.values() if not stored.job.final]
        return [
            Unfinished(job.status, job.requested_target.simulated, job.created_at) for job in jobs
        ]

    async def walk(self) -> Sequence[Stored]:
        """Return all jobs at once."""
        return list(self._records.values())

    async def reserve(self, owner: str, key: str, wanted: Reservation) -> Reservation:
        """Bind an idempotency key to *wanted*, or return what it is bound to already."""
        return self._reserved.setdefault((owner, key_digest(key)), wanted)

    async def release(self, job: Job) -> None:
        """Give up the reservation of the key of a job."""
        reservation = self._reserved.get((job.owner, job.key or ""))
        if reservation is not None and reservation.job_id == job.id:
            del self._reserved[job.owner, job.key or ""]

    async def delete(self, stored: Stored) -> None:
        """Delete a job and the reservation of its key."""
        job = stored.job
        await self.release(job)
        current = self._records.get((job.owner, job.id))
        if current is None:
            return
        if current.etag != stored.etag:
            raise ConcurrentUpdateError
        self.forget(job.owner, job.id)

    def peek(self, owner: str, job_id: str) -> Job:
        """Return a job, for code that cannot wait."""
        return self._records[owner, job_id].job

    def overwrite(self, job: Job) -> None:
        """Change a record as somebody else would, between a read and a write."""
        self._write(job)

    def forget(self, owner: str, job_id: str) -> None:
        """Lose a record, as if its writer had died before writing it."""
        del self._records[owner, job_id]

    def _write(self, job: Job) -> Stored:
        stored = Stored(job, f"v{next(self._versions)}")
        self._records[job.owner, job.id] = stored
        return stored


class FakeDocuments:
    """Documents in a dictionary."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, str, str], JSONObject] = {}

    async def put(self, owner: str, job_id: str, name: str, document: JSONObject) -> bool:
        """Write a document unless it is there; say whether it was written."""
        written = (owner, job_id, name) not in self._documents
        self._documents.setdefault((owner, job_id, name), document)
        return written

    async def replace(
        self, owner: str, job_id: str, name: str, old: JSONObject, new: JSONObject
    ) -> bool:
        """Write *new* over a document that still is *old*; say whether it was written."""
        written = self._documents.get((owner, job_id, name)) == old
        if written:
            self._documents[owner, job_id, name] = new
        return written

    async def get(self, owner: str, job_id: str, name: str) -> JSONObject | None:
        """Return a document, or None if it was never written."""
        return self._documents.get((owner, job_id, name))

    async def delete(self, owner: str, job_id: str) -> None:
        """Delete all documents of a job."""
        for key in [key for key in self._documents if key[:2] == (owner, job_id)]:
            del self._documents[key]


class FakeQueue:
    """Messages in lists, with their delays: those of jobs, of deliveries, and heartbeats."""

    def __init__(self) -> None:
        self.sent: list[tuple[Message, float]] = []
        self.heartbeats: list[tuple[Heartbeat, float]] = []
        self.deliveries: list[tuple[DeliveryMessage, float]] = []
        self._numbers = itertools.count()
        self._receipts: dict[Receipt, tuple[Message, float]] = {}
        self.hidden: list[float] = []
        """For how long messages were kept hidden, once more."""
        self.heads: dict[Queue, datetime] = {}
        """When the message at the head of a queue was sent."""

    async def oldest(self, queue: Queue) -> datetime | None:
        """Return when the message at the head of a queue was sent."""
        return self.heads.get(queue)

    async def send(
        self, message: Message | DeliveryMessage | Heartbeat, delay: float = 0.0
    ) -> Receipt:
        """Queue a message."""
        receipt = Receipt(message.queue, f"message-{next(self._numbers)}", "")
        if isinstance(message, Heartbeat):
            self.heartbeats.append((message, delay))
        elif isinstance(message, DeliveryMessage):
            self.deliveries.append((message, delay))
        else:
            self._receipts[receipt] = message, delay
            self.sent.append((message, delay))
        return receipt

    async def hide(self, receipt: Receipt, delay: float) -> Receipt | None:
        """Keep a message hidden, if it is still there."""
        sent = self._receipts.get(receipt)
        if sent is None or sent not in self.sent:
            return None
        self.hidden.append(delay)
        self.sent.remove(sent)
        self._receipts[receipt] = sent[0], delay
        self.sent.append(self._receipts[receipt])
        return receipt

    async def delete(self, receipt: Receipt) -> None:
        """Take back a message, if it is still there."""
        with suppress(ValueError):
            self.sent.remove(self._receipts.pop(receipt))


@dataclass
class FakeHeartbeats:
    """Times in a dictionary."""

    clock: Clock
    looks: int = 0
    """How often the times were asked for."""
    _noted: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def note(self, region: str, function: str) -> None:
        """Note that a function runs in a region now."""
        self._noted[region, function] = self.clock.now()

    async def expect(self, region: str, function: str) -> None:
        """Note that a function should run in a region from now on, unless anything is noted."""
        self._noted.setdefault((region, function), self.clock.now())

    async def last(self) -> Sequence[LastBeat]:
        """Return the last beat of each function."""
        self.looks += 1
        return [LastBeat(*key, at) for key, at in sorted(self._noted.items())]


@dataclass
class FakeListeners:
    """Times in a dictionary."""

    clock: Clock
    looks: int = 0
    """How often the listeners were listed."""
    error: Exception | None = None
    _noted: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def note(self, owner: str, way: str) -> None:
        """Note that a caller listens in a way, from now on."""
        self._noted[owner, way] = self.clock.now()

    async def remove(self, owner: str, way: str) -> None:
        """Note that a caller no longer listens in a way."""
        self._noted.pop((owner, way), None)

    async def forget(self, listener: Listener) -> None:
        """Remove a listener, unless it was noted again."""
        if self.error is not None:
            raise self.error
        noted = self._noted.get((listener.owner, listener.way))
        if noted is not None and noted.isoformat() != listener.etag:
            raise ConcurrentUpdateError
        self._noted.pop((listener.owner, listener.way), None)

    async def all(self) -> Sequence[Listener]:
        """Return every way of every caller, a moment later."""
        self.looks += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return [Listener(*key, at, at.isoformat()) for key, at in sorted(self._noted.items())]


@dataclass
class FakeAnnouncements:
    """Events in a list, unless it is told to fail."""

    way: str = "fake"
    lasts: timedelta | None = None
    told: list[JobEvent] = field(default_factory=list)
    error: BaseException | None = None

    async def tell(self, event: JobEvent) -> None:
        """Keep an event."""
        if self.error is not None:
            raise self.error
        self.told.append(event)


@dataclass
class FakeChannel(FakeAnnouncements):
    """Addresses that lead nowhere, unless it is told to fail."""

    way: str = "channel"
    lasts: timedelta | None = timedelta(hours=1)
    clock: Clock = field(default_factory=FakeClock)

    async def address(self, owner: str) -> ChannelAddress:
        """Return an address with the owner in it."""
        if self.error is not None:
            raise self.error
        expires = self.clock.now() + (self.lasts or timedelta())
        return ChannelAddress(f"wss://channel.invalid/{owner}", PROTOCOL, expires)


def target(name: str, *, queue: int = 0, available: bool = True) -> Target:
    """Return a target as a workspace reports it, with its facts if the table has any."""
    facts = target_facts().get(name)
    return Target(
        id=name,
        provider=name.partition(".")[0],
        available=available,
        queue_seconds=queue,
        qubits=facts.qubits if facts else None,
        as_of=START,
        facts=facts,
    )


SIMULATOR = target("local.sim.aer")
DEVICE = target("ionq.qpu.aria-1", queue=7200)


class FakeProvider:
    """A workspace whose jobs wait for a test, or finish after a number of polls."""

    def __init__(self) -> None:
        self.polls = 0
        """How often a job says that it is running before it ends."""
        self.available: list[Target] = [SIMULATOR, DEVICE]
        self.submitted: dict[str, ProviderJob] = {}
        self.submissions: list[str] = []
        self.canceled: list[str] = []
        self.readings = Counts({"00": 500, "11": 500})
        self.ending = ProviderStatus(Phase.SUCCEEDED)
        self.failures: list[Exception] = []
        """Raised one by one before anything else happens."""
        self.share_failing = 0.0
        """Of the calls, chosen at random, that fail as the next one may not."""
        self.calls = 0
        self._random = Random(0)
        self.refuses_to_cancel = False
        self.gone: set[str] = set()
        """Ids of targets that are listed, and refuse every job."""
        self.sessions: dict[str, str] = {}
        """The target of each session that is open."""
        self.closed: list[str] = []
        self._polled: dict[str, int] = {}

    async def targets(self) -> Sequence[Target]:
        """Return the targets."""
        self._fail()
        return self.available

    async def submit(self, job: ProviderJob) -> None:
        """Run a job under its id."""
        if list(option_violations(job.options, job.provider)):
            raise OptionsRejectedError
        self._fail()
        if job.target in self.gone:
            raise ProviderRejectedError(f"No {job.target}.", ProviderErrorKind.NO_TARGET)
        self.submissions.append(job.id)
        self.submitted.setdefault(job.id, job)

    async def status(self, target: str, provider_job_id: str) -> ProviderStatus:
        """Return where a job stands."""
        self._check_target(target, provider_job_id)
        self._fail()
        if provider_job_id not in self.submitted:
            raise UnknownProviderJobError
        if provider_job_id in self.canceled:
            return ProviderStatus(Phase.CANCELED)
        polled = self._polled[provider_job_id] = self._polled.get(provider_job_id, 0) + 1
        return self.ending if polled > self.polls else ProviderStatus(Phase.RUNNING)

    async def counts(self, target: str, provider_job_id: str) -> Counts:
        """Return the readings of a job."""
        self._check_target(target, provider_job_id)
        self._fail()
        return self.readings

    async def open_session(self, target: str, session_id: str, name: str) -> None:
        """Open a session for jobs at a target."""
        self._fail()
        self.sessions.setdefault(session_id, target)

    async def close_session(self, target: str, session_id: str) -> None:
        """Close a session."""
        self._fail()
        if self.sessions.pop(session_id, None) is not None:
            self.closed.append(session_id)

    async def cancel(self, target: str, provider_job_id: str) -> ProviderStatus | None:
        """Ask for a job to stop."""
        self._check_target(target, provider_job_id)
        self._fail()
        if provider_job_id not in self.submitted:
            return None
        if self.refuses_to_cancel:
            raise ProviderRejectedError("It cannot be canceled.")
        self.canceled.append(provider_job_id)
        return ProviderStatus(Phase.CANCELED)

    def _check_target(self, target: str, provider_job_id: str) -> None:
        job = self.submitted.get(provider_job_id)
        if target and job is not None and job.target != target:
            raise AssertionError(f"{provider_job_id} is at {job.target}, not at {target}")

    def _fail(self) -> None:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        if self._random.random() < self.share_failing:
            raise ProviderUnavailableError


BELL = Program("qir.v1", "; a Bell pair", qubits=2, depth=2, gates={"h": 1, "cx": 1})


def report(_: Inputs, __: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
    """Finish with the readings as they are."""
    return Finish({"readings": [dict(counts.readings) for counts in outcomes]})


@dataclass
class FakeAlgorithms:
    """An algorithm that asks for Bell pairs and reports the readings."""

    first: Plan | Finish | Exception = field(default_factory=lambda: Plan((BELL,), {}))
    of_kind: dict[TargetKind | None, Plan | Finish | Exception] = field(default_factory=dict)
    """The first step for targets of a kind, where it is another."""
    then: Callable[[Inputs, JSONObject, Sequence[Counts]], Plan | Finish] = report
    given: list[Inputs] = field(default_factory=list)
    """The inputs of each start."""

    @property
    def starts(self) -> int:
        """How often it was started."""
        return len(self.given)

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step."""
        self.given.append(inputs)
        kind = inputs.target.kind if inputs.target else None
        first = self.of_kind.get(kind, self.first)
        if isinstance(first, Exception):
            raise first
        return first

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step."""
        return self.then(inputs, state, outcomes)


@dataclass(eq=False)
class FakeSpan:
    """A span as it was recorded."""

    name: str
    kind: Kind
    attributes: dict[str, object]
    parent: str | None
    """The trace context of what it follows from."""
    link: str | None
    trace_parent: str
    ended: bool = False

    def set(self, attributes: Attributes) -> None:
        """Add attributes."""
        self.attributes |= _known(attributes)


class FakeTelemetry:
    """Spans and values in lists."""

    enabled = True

    def __init__(self) -> None:
        self.spans: list[FakeSpan] = []
        self.values: list[tuple[str, Number, dict[str, object]]] = []
        self._current: ContextVar[str | None] = ContextVar("current", default=None)

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        kind: Kind = Kind.INTERNAL,
        parent: str | None = None,
        link: str | None = None,
    ) -> Iterator[Span]:
        """Record a span, below the one around it unless another parent is named."""
        follows = parent or self._current.get()
        number = f"{len(self.spans) + 1:016x}"
        own = f"00-{trace_id(follows) or number.zfill(32)}-{number}-01"
        span = FakeSpan(name, kind, _known(attributes), follows, link, own)
        self.spans.append(span)
        token = self._current.set(own)
        try:
            yield span
        except BaseException as error:
            span.attributes["error.type"] = error_type(error)
            raise
        finally:
            self._current.reset(token)
            span.ended = True

    def record(self, metric: Metric, value: Number, attributes: Attributes | None = None) -> None:
        """Record a value of a metric."""
        known = _known(attributes)
        assert known.keys() <= set(metric.attributes), metric.name
        self.values.append((metric.name, value, known))


def _known(attributes: Attributes | None) -> dict[str, object]:
    return {name: value for name, value in (attributes or {}).items() if value is not None}


@dataclass
class FakePorts:
    """All of them."""

    catalogue: FileCatalogue
    clock: FakeClock = field(default_factory=FakeClock)
    jobs: FakeJobStore = field(default_factory=FakeJobStore)
    documents: FakeDocuments = field(default_factory=FakeDocuments)
    queue: FakeQueue = field(default_factory=FakeQueue)
    heartbeats: FakeHeartbeats = field(init=False)
    listeners: FakeListeners = field(init=False)
    announcements: list[FakeAnnouncements] = field(default_factory=list)
    channel: FakeChannel | None = None
    webhooks: FakeWebhooks = field(default_factory=FakeWebhooks)
    deliveries: FakeDeliveries = field(default_factory=FakeDeliveries)
    webhook_sender: FakeSender = field(default_factory=FakeSender)
    webhook_master: FakeMaster = field(default_factory=FakeMaster)
    algorithms: FakeAlgorithms = field(default_factory=FakeAlgorithms)
    provider: FakeProvider = field(default_factory=FakeProvider)
    telemetry: Telemetry = field(default_factory=NoTelemetry)

    def __post_init__(self) -> None:
        """Let heartbeats and listeners go by the same clock."""
        self.heartbeats = FakeHeartbeats(self.clock)
        self.listeners = FakeListeners(self.clock)
