"""Heartbeats: the proof that each function runs in each region, also while there are no jobs.

A timer sends heartbeats through the work queues, and whichever function receives one notes the
time. The queues are shared by the regions, so a heartbeat says whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from qjobs.domain.messages import VERSION, Queue, members_of

INTERVAL = timedelta(minutes=10)
"""How often each function of a region shows that it runs."""
NOT_RUNNING_AFTER = timedelta(minutes=30)
"""A function that last ran longer ago does not run: several of its heartbeats were lost."""
REMOVED_AFTER = timedelta(days=1)
"""A region that last ran longer ago is no part of the deployment any more."""

RECONCILE = "reconcile"
"""The function of the timer."""
WORKERS: Mapping[Queue, str] = {
    Queue.DISPATCH: "dispatch",
    Queue.TRACK: "track",
    Queue.DELIVER: "deliver",
    Queue.OUTPUTS: "outputs",
}
"""The function of each queue."""
FUNCTIONS = (*WORKERS.values(), RECONCILE)

MOST_HOPS = 60
"""After so many hops, five minutes, a heartbeat is dropped; the next one has its own chance."""
HOP_DELAY = 5.0
"""Seconds for which a region hides a heartbeat of another one, which has to see it in between: what
starts instances on Azure does not count hidden messages."""

_KIND = "heartbeat"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The message by which the function of a queue shows that it runs in a region."""

    queue: Queue
    region: str
    hops: int = 0
    """How often another region received it, and put it back."""

    lifetime: ClassVar[timedelta | None] = NOT_RUNNING_AFTER
    """Where nobody receives messages, heartbeats do not pile up."""

    def put_back(self) -> Heartbeat:
        """Return the message for another try to reach its region."""
        return replace(self, hops=self.hops + 1)

    def encode(self) -> str:
        """Return the text that is queued, in ASCII."""
        return json.dumps({"version": VERSION, "kind": _KIND, **asdict(self)})

    @classmethod
    def decode(cls, text: str) -> Heartbeat:
        """Return the heartbeat of a queued text.

        Raises:
            ValueError: the text was not written by this version of `encode`.

        """
        members = members_of(text)
        if members.pop("kind", None) != _KIND:
            raise ValueError("not a heartbeat")
        try:
            return cls(Queue(members.pop("queue")), **members)
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from error


def read_message[M](text: str, decode: Callable[[str], M]) -> M | Heartbeat:
    """Return the message of a queued text: a heartbeat, or one that *decode* reads.

    Raises:
        ValueError: the text is neither.

    """
    try:
        return Heartbeat.decode(text)
    except ValueError:
        return decode(text)


@dataclass(frozen=True, slots=True)
class LastBeat:
    """When a function last showed that it runs in a region."""

    region: str
    function: str
    at: datetime
    """Of one that never did: since when it is expected to."""


def of_deployment(beats: Sequence[LastBeat], own: str, now: datetime) -> Sequence[LastBeat]:
    """Return the beats without those of removed regions; the *own* region is never one."""
    latest: dict[str, datetime] = {own: now}
    for beat in beats:
        latest[beat.region] = max(beat.at, latest.get(beat.region, beat.at))
    return [beat for beat in beats if now - latest[beat.region] <= REMOVED_AFTER]


def not_running(beats: Sequence[LastBeat], now: datetime) -> Sequence[LastBeat]:
    """Return the last beats of the functions that do not run."""
    return [beat for beat in beats if now - beat.at > NOT_RUNNING_AFTER]
