"""The lifecycle of a job: its statuses and the transitions between them."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """A job's status by the name the service uses."""

    WAITING = "Waiting"
    EXECUTING = "Executing"
    FINISHING = "Finishing"
    CANCELLATION_REQUESTED = "CancellationRequested"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset({Status.EXECUTING, Status.FAILED, Status.CANCELLED}),
    Status.EXECUTING: frozenset(
        {Status.FINISHING, Status.CANCELLATION_REQUESTED, Status.FAILED, Status.CANCELLED}
    ),
    Status.FINISHING: frozenset({Status.SUCCEEDED, Status.FAILED}),
    Status.CANCELLATION_REQUESTED: frozenset({Status.CANCELLED}),
    Status.SUCCEEDED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}
"""Where a job may go from each status."""

TERMINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)


class IllegalTransitionError(Exception):
    """A job cannot go from one status to another; a mistake of the emulator."""


def check(before: Status, after: Status) -> None:
    """Make sure that a job may go from *before* to *after*.

    Raises:
        IllegalTransitionError: it may not.

    """
    if after not in TRANSITIONS[before]:
        raise IllegalTransitionError(f"{before} -> {after}")
