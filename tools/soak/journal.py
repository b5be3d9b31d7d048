"""The callers' side of a run: their requests, and the responses."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from tools.soak.workload import PlannedJob


@dataclass(slots=True)
class Entry:
    """One planned job, as its caller knows it."""

    job: PlannedJob
    sent: bool = False
    """Whether its submission was answered, or given up."""
    ids: set[str] = field(default_factory=set)
    """Under which it was accepted; one is right."""
    refusals: list[int] = field(default_factory=list)
    """Statuses that refused the submission for good."""
    other_body: list[int] = field(default_factory=list)
    """Final statuses of the other body under the same key."""
    canceled: list[int] = field(default_factory=list)
    """Statuses of cancellations that were answered."""
    told: set[str] = field(default_factory=set)
    """Final statuses that the caller was told of."""
    shown: str | None = None
    """The status that the API shows after everything."""
    listed: bool | None = None
    """Whether it was in its caller's list after everything."""


type Journal = list[Entry]

CONFLICT = HTTPStatus.UNPROCESSABLE_ENTITY
"""The status for another body under a key."""
