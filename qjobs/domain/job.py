"""A job as a state machine: its record, its states, and the transitions between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from qjobs.domain.algorithm import Progress
from qjobs.domain.errors import (
    IllegalTransitionError,
    JobCanceledError,
    QJobsError,
    RequestError,
    excerpt,
)
from qjobs.domain.messages import Message, Queue
from qjobs.domain.money import Money
from qjobs.domain.plan import CircuitSize
from qjobs.domain.record_text import record_excerpt
from qjobs.domain.target import TargetRequest
from qjobs.domain.target_choice import TargetChoice


class Status(StrEnum):
    """The states of a job, in the words of the HTTP contract."""

    QUEUED = "Queued"
    """Accepted, not yet at the provider."""
    SUBMITTED = "Submitted"
    """At the provider, waiting there."""
    RUNNING = "Running"
    """Being computed, or between two steps of an iteration."""
    CANCELING = "Canceling"
    """The caller has canceled it; the provider is being asked to stop."""
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELED = "Canceled"


FINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELED})

_ENDINGS = frozenset({Status.CANCELING}) | FINAL
_MOVES: dict[Status, frozenset[Status]] = {
    # QUEUED may go straight to an end: a quick job's record is written only then.
    Status.QUEUED: frozenset({Status.SUBMITTED, Status.RUNNING}) | _ENDINGS,
    Status.SUBMITTED: frozenset({Status.RUNNING}) | _ENDINGS,
    Status.RUNNING: _ENDINGS,
    # Canceling ends as Canceled even if the provider finished first.
    Status.CANCELING: frozenset({Status.CANCELED}),
}

LONGEST_LIFE = timedelta(days=120)
"""The longest that a job is counted on to take: devices advertise queues of up to 98 days. Storage
deletes nothing that is younger, see infra/app/storage.bicep."""
REMEMBERED = timedelta(days=30)
"""How long it is known of a job that expired that there was one."""
_LONGEST_DETAIL = 500
"""Characters of an error's detail."""
_LARGEST_DETAIL = 2400
_LARGEST_POINTER = 1000
"""Bytes in the record, which as a whole has to fit into the metadata of a blob."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The error that ended a job, as its caller sees it."""

    code: str
    title: str
    detail: str
    pointer: str | None = None
    """JSON Pointer into the caller's body, where the reason is there."""

    @classmethod
    def of(cls, error: QJobsError) -> Failure:
        """Return the failure that *error* describes."""
        detail = record_excerpt(excerpt(error.detail, _LONGEST_DETAIL), _LARGEST_DETAIL)
        violations = error.violations if isinstance(error, RequestError) else ()
        pointer = next((one.pointer for one in violations if one.pointer), None)
        pointer = pointer and record_excerpt(pointer, _LARGEST_POINTER)
        return cls(error.code, error.title(), detail, pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The facts of a step at the provider that its caller sees."""

    target: TargetChoice
    step: int
    circuits: int
    """Jobs at the provider."""
    size: CircuitSize | None = None
    progress: Progress | None = None
    cost: Money | None = None
    """Of the steps before; None if the provider did not say."""
    estimate: Money | None = None
    """Of all steps that are planned, by the published price; None if that does not say it."""
    accepted: datetime | None = None
    """When the provider took the first circuit of the job, by its clock."""
    began: datetime | None = None
    """When the first circuit of the job began, by the provider's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The record of one execution of an algorithm; a change makes a new value."""

    id: str
    owner: str
    algorithm: str
    status: Status
    created_at: datetime
    updated_at: datetime
    retention: timedelta = timedelta()
    """How long its input and result are kept after its end."""
    due: datetime | None = None
    """Deadline of its next update; after it the job counts as lost and is picked up again."""
    visits: int = 0
    """Times that it was put back in its queue: a message of an earlier visit is a double."""
    requested_target: TargetRequest
    shots: int
    seed: int | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    key: str | None = None
    """Digest of the idempotency key that it was submitted with."""
    deadline: datetime | None = None
    finished_at: datetime | None = None
    target: TargetChoice | None = None
    step: int = 0
    """Number of the current step, from 0: one step is one round of circuits."""
    placed_at: datetime | None = None
    """When the circuits of the current step were seen to be at the provider."""
    waiting_since: datetime | None = None
    """Since when the provider takes none of its requests."""
    circuits_done: int = 0
    circuits_total: int = 0
    """Circuits of the current step, at the provider and in all."""
    size: CircuitSize | None = None
    """Of the circuits of the current step."""
    estimated_completion: datetime | None = None
    submitted_at: datetime | None = None
    """When the provider took its first circuit; until it has said that, when it was seen there."""
    started_at: datetime | None = None
    """When the first of them began to run, by the provider's clock."""
    progress: Progress | None = None
    cost: Money | None = None
    """Of what has run so far, as the provider says."""
    estimate: Money | None = None
    """Of all steps that are planned, by the price that the provider has published."""
    error: Failure | None = None
    untold: bool = False
    """Whether it has ended, and those who listen to it are still to be told."""
    erased: bool = False
    """Whether input and result are deleted."""
    webhooks: tuple[str, ...] | None = None
    """Ids of the webhooks that are told of its end; None is all of its owner."""
    trace_parent: str | None = None
    """W3C trace context of the request that submitted it: all that is done for it is one trace."""

    @property
    def title(self) -> str:
        """The name of its jobs at the provider."""
        return f"{self.algorithm} {self.id}"

    @property
    def final(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in FINAL

    @property
    def placed(self) -> bool:
        """Whether the circuits of the current step are at the provider."""
        return self.placed_at is not None

    @property
    def expected_start(self) -> datetime | None:
        """When its first circuit is expected to run, by the queue of its target; None once it does.

        None also before it is in that queue.
        """
        waits = self.status is Status.SUBMITTED and self.started_at is None
        if not waits or self.target is None or self.submitted_at is None:
            return None
        return self.submitted_at + timedelta(seconds=self.target.queue_seconds)

    @property
    def withdrawing(self) -> bool:
        """Whether it has ended while circuits of it may still be at the provider."""
        return self.final and self.due is not None

    @property
    def expires_at(self) -> datetime:
        """When its data may be deleted; before its end a moment that is late enough."""
        return (self.finished_at or self.created_at + LONGEST_LIFE) + self.retention

    def is_expired(self, now: datetime) -> bool:
        """Return whether its result is no longer answered."""
        return self.final and now >= self.expires_at

    def is_forgotten(self, now: datetime) -> bool:
        """Return whether nothing of it needs to be kept."""
        return self.final and now >= self.expires_at + REMEMBERED

    def is_past_deadline(self, now: datetime) -> bool:
        """Return whether the caller's deadline has passed."""
        return self.deadline is not None and now >= self.deadline

    def message(self) -> Message:
        """Return the message that advances it from where it stands."""
        waits = self.placed or self.status is Status.CANCELING or self.final
        queue = Queue.TRACK if waits else Queue.DISPATCH
        return Message(
            queue,
            self.owner,
            self.id,
            self.step,
            visits=self.visits,
            trace_parent=self.trace_parent,
        )

    def due_within(self, now: datetime, within: timedelta) -> Job:
        """Return it with the deadline of its next update."""
        return replace(self, due=now + within)

    def put_back(self, now: datetime, within: timedelta) -> Job:
        """Return it as it waits in its queue once more."""
        return replace(self.due_within(now, within), updated_at=now, visits=self.visits + 1)

    def unanswered(self, now: datetime) -> Job:
        """Return it as it waits for a provider that takes no requests."""
        return replace(self, waiting_since=self.waiting_since or now)

    def is_unanswered_since(self, moment: datetime) -> bool:
        """Return whether its provider has taken no requests since *moment* or longer."""
        return self.waiting_since is not None and self.waiting_since <= moment

    def withdrawn(self) -> Job:
        """Return it ended, with nothing left at the provider."""
        return replace(self, due=None)

    def to_be_told(self, due: datetime) -> Job:
        """Return it ended, looked at again by *due* unless its listeners are told by then."""
        return replace(self, untold=True, due=self.due or due)

    def told(self) -> Job:
        """Return it ended, with its listeners told."""
        return replace(self, untold=False)

    def with_step(self, now: datetime, placement: Placement) -> Job:
        """Return it with its current step and target, in whatever state."""
        return replace(
            self,
            target=placement.target,
            step=placement.step,
            placed_at=now,
            submitted_at=self.submitted_at or placement.accepted or now,
            started_at=self.started_at or placement.began,
            progress=placement.progress or self.progress,
            cost=placement.cost or self.cost,
            estimate=self.estimate or placement.estimate,
            waiting_since=None,
            circuits_done=0,
            circuits_total=placement.circuits,
            size=placement.size,
        )

    def submitted(self, now: datetime, placement: Placement, within: timedelta) -> Job:
        """Return it with the circuits of a step at the provider."""
        first = placement.step == 0
        moved = self._moved(now, Status.SUBMITTED) if first else self._running(now)
        return replace(
            moved.with_step(now, placement).due_within(now, within),
            updated_at=now,
            estimated_completion=now + timedelta(seconds=placement.target.queue_seconds),
        )

    def progressed(
        self,
        now: datetime,
        done: int,
        *,
        running: bool,
        within: timedelta,
        began: datetime | None = None,
    ) -> Job:
        """Return it with *done* circuits of its step finished, of which the first *began* then."""
        moved = self._running(now) if running else self
        return replace(
            moved.due_within(now, within),
            updated_at=now,
            started_at=self.started_at or began,
            waiting_since=None,
            circuits_done=done,
        )

    def canceling(self, now: datetime, within: timedelta) -> Job:
        """Return it as canceled by its caller, while the provider is asked to stop."""
        moved = self._moved(now, Status.CANCELING).due_within(now, within)
        # What was expected of the queue says nothing of how soon the provider stops the job.
        return replace(moved, estimated_completion=None)

    def succeeded(self, now: datetime, due: datetime | None = None) -> Job:
        """Return it finished; its result is stored.

        With *due*, a session of it may still be open at the provider, which is looked at then.
        """
        ended = self._ended(now, Status.SUCCEEDED, None, due)
        return replace(ended, circuits_done=ended.circuits_total)

    def failed(self, now: datetime, error: QJobsError, due: datetime | None = None) -> Job:
        """Return it ended for the reason that *error* gives.

        With *due*, circuits of it may still be at the provider, which is looked at then.
        """
        return self._ended(now, Status.FAILED, Failure.of(error), due)

    def canceled(
        self, now: datetime, error: QJobsError | None = None, due: datetime | None = None
    ) -> Job:
        """Return it ended because its caller canceled it, or with *error* at its deadline.

        With *due*, circuits of it may still be at the provider, which is looked at then.
        """
        reason = error or JobCanceledError("The caller canceled the job.")
        return self._ended(now, Status.CANCELED, Failure.of(reason), due)

    def _ended(
        self, now: datetime, status: Status, failure: Failure | None, due: datetime | None = None
    ) -> Job:
        return replace(
            self._moved(now, status),
            finished_at=now,
            due=due,
            error=failure,
            untold=True,
            estimated_completion=None,
            waiting_since=None,
        )

    def _running(self, now: datetime) -> Job:
        return self if self.status is Status.RUNNING else self._moved(now, Status.RUNNING)

    def _moved(self, now: datetime, status: Status) -> Job:
        if status not in _MOVES.get(self.status, frozenset()):
            raise IllegalTransitionError(f"A {self.status} job cannot become {status}.")
        return replace(self, status=status, updated_at=now)
