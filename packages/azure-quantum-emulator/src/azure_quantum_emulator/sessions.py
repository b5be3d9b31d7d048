"""Sessions: groups of jobs on one target, and the statuses they go through.

A session is open until it is closed, fails or runs out of time. While it is open, what its jobs do
decides its status; jobs that are under way when it is closed are waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from azure_quantum_emulator.errors import InvalidRequestError


class SessionStatus(StrEnum):
    """A session's status by the name the service uses."""

    WAITING = "Waiting"
    EXECUTING = "Executing"
    FAILURES = "Failure(s)"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    TIMED_OUT = "TimedOut"


class FailurePolicy(StrEnum):
    """The policy of a session when one of its jobs fails."""

    ABORT = "Abort"
    CONTINUE = "Continue"


OPEN = frozenset({SessionStatus.WAITING, SessionStatus.EXECUTING, SessionStatus.FAILURES})
"""The statuses of a session that is not over."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the workspace knows it; times are nanoseconds since 1970."""

    id: str
    name: str
    provider_id: str
    target: str
    policy: FailurePolicy
    created: int
    active: int | None
    """When a job was last submitted or ended; None in seeds, which do not time out."""
    charged: bool = True
    """Whether the provider charges for anything."""
    status: SessionStatus = SessionStatus.WAITING
    pending: int = 0
    """How many of its jobs are not finished."""
    closing: bool = False
    """Whether it was closed while jobs were pending."""
    ended: int | None = None
    cost: float | None = None
    """What its jobs cost together, in US dollars; None before the first one."""
    given: Mapping[str, Any] | None = None
    """What the seed says that it comes from, if it was not opened."""

    @property
    def is_over(self) -> bool:
        """Whether its status is final."""
        return self.status not in OPEN

    def joined(self, now: int) -> Session:
        """Return the session with one more job.

        Raises:
            InvalidRequestError: the session takes no more jobs.

        """
        if self.is_over or self.closing:
            raise InvalidRequestError(
                "InvalidJobDefinition",
                "Session is already in a terminal state. "
                "This may have been due to failures in prior jobs in the session.",
            )
        status = SessionStatus.EXECUTING if self.status is SessionStatus.WAITING else self.status
        cost = (self.cost or 0.0) if self.charged else None
        return replace(self, status=status, active=now, pending=self.pending + 1, cost=cost)

    def left(self, now: int, *, failed: bool, cost: float) -> Session:
        """Return the session after one of its jobs has ended."""
        total = None if self.cost is None else self.cost + cost
        session = replace(self, active=now, pending=self.pending - 1, cost=total)
        if session.is_over:
            return session
        if failed and self.policy is FailurePolicy.ABORT:
            return session._ended(SessionStatus.FAILED, now)  # noqa: SLF001 - its own class
        if failed:
            session = replace(session, status=SessionStatus.FAILURES)
        return session.closed(now) if session.closing else session

    def closed(self, now: int) -> Session:
        """Return the session after its owner closed it, which may have to wait for its jobs."""
        if self.is_over:
            return self
        if self.pending:
            return replace(self, closing=True)
        failed = self.status is SessionStatus.FAILURES
        return self._ended(SessionStatus.FAILED if failed else SessionStatus.SUCCEEDED, now)

    def timed_out(self, now: int) -> Session:
        """Return the session after its timeout: no new job for too long."""
        return self._ended(SessionStatus.TIMED_OUT, now)

    def _ended(self, status: SessionStatus, now: int) -> Session:
        return replace(self, status=status, ended=now, closing=False)
