"""Deliveries: events on their way to a webhook, with each attempt; and the messages that drive it.

A delivery goes in rounds: the first one when its event happens, another each time that its caller
has it sent again. In each round it is attempted until it is accepted or the schedule ends.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import ClassVar

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.event import EventType, JobEvent
from qjobs.domain.identifiers import delivery_id
from qjobs.domain.messages import VERSION, Queue, members_of
from qjobs.domain.trace_context import valid_trace_parent
from qjobs.domain.webhook_request import Sent

PING = "qjobs.webhook.ping"
"""The type of the event that asks whether a receiver is there."""
PAUSES = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 36_000.0)
"""Seconds before each attempt of a round, a fifth more or less."""
LONGEST_PAUSE = 86_400.0
"""Seconds, however long a receiver asks to wait."""
_JITTER = 0.2
_MOST_SHOWN = 20
"""Attempts that a record keeps, the latest ones."""
_RANDOM = Random()  # noqa: S311 - it spreads load and keeps no secret


class DeliveryStatus(StrEnum):
    """The state of a delivery."""

    PENDING = "Pending"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    """Every attempt of the schedule failed, or the webhook was disabled before."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt of a delivery."""

    at: datetime
    status: int | None
    """Of the response."""
    reason: str | None
    """For which there is no status."""
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The record of a delivery; a change makes a new value."""

    id: str
    owner: str
    webhook_id: str
    type: str
    """Of the event."""
    job_id: str | None = None
    """None in a ping, as the algorithm."""
    algorithm: str | None = None
    at: datetime
    """When the event happened."""
    kept_until: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    round: int = 0
    tries: int = 0
    """Attempts of this round."""
    next_attempt: datetime | None = None
    attempts: tuple[Attempted, ...] = ()

    @classmethod
    def of(cls, event: JobEvent, webhook_id: str, retention: timedelta) -> Delivery:
        """Return the delivery of the end of a job, before its first attempt."""
        return cls(
            id=delivery_id(event.job_id, webhook_id),
            owner=event.owner,
            webhook_id=webhook_id,
            type=event.type,
            job_id=event.job_id,
            algorithm=event.algorithm,
            at=event.at,
            kept_until=event.at + retention,
            next_attempt=event.at,
        )

    @property
    def ping(self) -> bool:
        """Whether it is one that a receiver is tried with."""
        return self.type == PING

    def message(self, trace_parent: str | None = None) -> DeliveryMessage:
        """Return the message that makes the next attempt."""
        return DeliveryMessage(
            self.owner,
            self.webhook_id,
            self.id,
            self.job_id,
            round=self.round,
            tries=self.tries,
            trace_parent=trace_parent,
        )

    def awaits(self, message: DeliveryMessage) -> bool:
        """Return whether the attempt of a message is still to be made; otherwise it is a double."""
        return (
            self.status is DeliveryStatus.PENDING
            and message.round == self.round
            and message.tries >= self.tries
        )

    def attempted(self, sent: Sent, at: datetime, pause: float | None) -> Delivery:
        """Return the delivery after an attempt.

        Args:
            sent: its outcome
            at: when it began
            pause: seconds until the next one, if it failed; None if there is none

        """
        one = Attempted(at, sent.status, sent.reason, sent.milliseconds)
        status = DeliveryStatus.PENDING if pause is not None else DeliveryStatus.FAILED
        if sent.delivered:
            status, pause = DeliveryStatus.DELIVERED, None
        return replace(
            self,
            status=status,
            tries=self.tries + 1,
            attempts=(*self.attempts, one)[-_MOST_SHOWN:],
            next_attempt=at + timedelta(seconds=pause) if pause is not None else None,
        )

    def given_up(self) -> Delivery:
        """Return the delivery without further attempts."""
        return replace(self, status=DeliveryStatus.FAILED, next_attempt=None)

    def replayed(self, now: datetime) -> Delivery:
        """Return the delivery at the beginning of a new round."""
        return replace(
            self,
            status=DeliveryStatus.PENDING,
            round=self.round + 1,
            tries=0,
            next_attempt=now,
        )

    def body(self, base: str) -> bytes:
        """Return the event as it is sent, in each attempt the same: CloudEvents 1.0 in JSON.

        Args:
            base: address of the API

        """
        if self.job_id is None:
            document: JSONObject = {
                "specversion": "1.0",
                "id": self.id,
                "source": base,
                "type": self.type,
                "subject": f"webhooks/{self.webhook_id}",
                "time": times.to_text(self.at),
                "datacontenttype": "application/json",
                "data": {"webhookId": self.webhook_id},
            }
        else:
            kind = EventType(self.type)
            event = JobEvent(kind, self.owner, self.job_id, self.algorithm or "", 0, self.at)
            job = f"{base}/jobs/{self.job_id}"
            document = event.document(base, {"self": job, "result": f"{job}/result"})
            document["id"] = self.id
        return json.dumps(document, separators=(",", ":")).encode()


def pause_before(tries: int, asked: float | None, random: Random = _RANDOM) -> float | None:
    """Return the seconds until the attempt after *tries* of them; None if there is none.

    Args:
        tries: attempts of this round so far
        asked: seconds that the receiver asked to wait
        random: of the jitter

    """
    if tries >= len(PAUSES):
        return None
    spread = PAUSES[tries] * random.uniform(1 - _JITTER, 1 + _JITTER)
    return min(max(spread, asked or 0.0), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """The request for one attempt of a delivery."""

    owner: str
    webhook_id: str
    delivery_id: str
    job_id: str | None
    """The job that the event is of: its record is where the first attempt has the event from."""
    round: int = 0
    tries: int = 0
    revivals: int = 0
    """Times in a row that the host gave the message up, and it was sent again."""
    trace_parent: str | None = None

    lifetime: ClassVar[timedelta | None] = None
    """How long it waits for a receiver; None is for ever."""

    @property
    def queue(self) -> Queue:
        """The queue that it goes through."""
        return Queue.DELIVER

    def encode(self) -> str:
        """Return the text that is queued, in ASCII."""
        return json.dumps({"version": VERSION, "kind": self.queue, **asdict(self)})

    @classmethod
    def decode(cls, text: str) -> DeliveryMessage:
        """Return the message of a queued text.

        Raises:
            ValueError: the text was not written by this version of `encode`.

        """
        members = members_of(text)
        if members.pop("kind", None) != Queue.DELIVER:
            raise ValueError("not the message of a delivery")
        trace_parent = valid_trace_parent(members.pop("trace_parent", None))
        try:
            return cls(**members, trace_parent=trace_parent)
        except TypeError as error:
            raise ValueError(str(error)) from error
