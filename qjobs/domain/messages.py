"""What travels through the queues: ids, a version and a step; never data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

VERSION = 1


class Kind(StrEnum):
    """What the receiver does with the job; also the name of its queue."""

    DISPATCH = "qjobs-dispatch"
    TRACK = "qjobs-track"


@dataclass(frozen=True, slots=True)
class Message:
    """Advance one step of one job."""

    kind: Kind
    owner: str
    job_id: str
    step: int
    attempt: int = 0
    """Failed or lost attempts so far; anything above 0 may find its work already done."""
    visits: int = 0
    """How often a tracked step was put back because it was not finished."""

    def again(self) -> Message:
        """Return the message for the next attempt."""
        return replace(self, attempt=self.attempt + 1)

    def encode(self) -> str:
        """Return the text that is queued, in ASCII."""
        return json.dumps({"version": VERSION, **asdict(self)})

    @classmethod
    def decode(cls, text: str) -> Message:
        """Return the message of a queued text.

        Raises:
            ValueError: the text was not written by this version of `encode`.

        """
        members = json.loads(text)
        if not isinstance(members, dict) or members.pop("version", None) != VERSION:
            raise ValueError("not a message of this version")
        try:
            return cls(**{**members, "kind": Kind(members["kind"])})
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from error
