"""Queue messages: ids, a version and a step; never data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from qjobs.domain.trace_context import valid_trace_parent

VERSION = 1
_ADDED = ("revivals", "trace_parent", "woken")
"""Members that messages of this version had not from the beginning."""


class Queue(StrEnum):
    """The work queues, by name.

    Jobs to dispatch, jobs at the provider to track, events to send, outputs at the provider: of
    those, which the workspace's storage announces, the queue is not filled by the functions.
    """

    DISPATCH = "qjobs-dispatch"
    TRACK = "qjobs-track"
    DELIVER = "qjobs-deliver"
    OUTPUTS = "qjobs-outputs"


@dataclass(frozen=True, slots=True)
class Message:
    """The request to advance one step of one job."""

    queue: Queue
    owner: str
    job_id: str
    step: int
    attempt: int = 0
    """Failed attempts so far, or 1 after a lost one; above 0, the work may already be done."""
    visits: int = 0
    """Times that the job was put back before: if its record counts more, this is a double."""
    failures: int = 0
    """Times that processing ended in a way that nobody expected."""
    revivals: int = 0
    """Times in a row that the host gave the message up, and it was sent again."""
    woken: int = 0
    """Looks since an output of the job was announced, this one included; 0 if none was."""
    trace_parent: str | None = None
    """W3C trace context of the job; a message without one belongs to no trace."""

    lifetime: ClassVar[timedelta | None] = None
    """How long it waits for a receiver; None is for ever."""

    def repeated(self) -> Message:
        """Return the message as one whose work may already be done.

        However often a host dies or cannot reach its storage, that is no failure of the job.
        """
        return replace(self, attempt=max(1, self.attempt))

    def encode(self) -> str:
        """Return the text that is queued, in ASCII."""
        # The version before does not know what was added, nor does it mind where it is left out.
        members = {
            name: value for name, value in asdict(self).items() if value or name not in _ADDED
        }
        return json.dumps({"version": VERSION, "kind": members.pop("queue"), **members})

    @classmethod
    def decode(cls, text: str) -> Message:
        """Return the message of a queued text.

        Raises:
            ValueError: the text was not written by this version of `encode`.

        """
        members = members_of(text)
        try:
            trace_parent = valid_trace_parent(members.pop("trace_parent", None))
            return cls(Queue(members.pop("kind")), **members, trace_parent=trace_parent)
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from error


def members_of(text: str) -> dict[str, Any]:
    """Return the members of a queued text but its version.

    Raises:
        ValueError: the text is no message of this version.

    """
    members = json.loads(text)
    if not isinstance(members, dict) or members.pop("version", None) != VERSION:
        raise ValueError("not a message of this version")
    return members
