"""The schedule of disturbances: drawn by a seed, the same each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """A kind of disturbance from outside of the links."""

    KILL_HOST = "SIGKILL of the Functions host"
    KILL_SECOND_HOST = "SIGKILL of the second host"
    RESTART_STORAGE = "restart of storage"
    FORBID_STORAGE = "storage forbidden, at which hosts end"
    KILL_WORKSPACE = "SIGKILL of the workspace"
    RESTART_WORKSPACE = "restart of the workspace"
    ADVANCE_CLOCK = "clock of the workspace advanced"
    SHIFT_QUEUES = "other device with the shortest queue"
    DOUBLE_MESSAGES = "messages doubled, some late"
    REORDER_MESSAGES = "messages reordered"


PERIODS: Mapping[Kind, tuple[float, float]] = {
    Kind.KILL_HOST: (14, 24),
    Kind.KILL_SECOND_HOST: (14, 24),
    Kind.RESTART_STORAGE: (20, 40),
    Kind.FORBID_STORAGE: (25, 50),
    Kind.KILL_WORKSPACE: (25, 45),
    Kind.RESTART_WORKSPACE: (25, 45),
    Kind.ADVANCE_CLOCK: (10, 20),
    Kind.SHIFT_QUEUES: (2, 5),
    Kind.DOUBLE_MESSAGES: (1, 3),
    Kind.REORDER_MESSAGES: (3, 6),
}
"""Seconds from one to the next, at least and at most."""
RESTARTS = frozenset(
    {
        Kind.KILL_HOST,
        Kind.KILL_SECOND_HOST,
        Kind.RESTART_STORAGE,
        Kind.FORBID_STORAGE,
        Kind.KILL_WORKSPACE,
        Kind.RESTART_WORKSPACE,
    }
)
"""Those that end a process."""


@dataclass(frozen=True, slots=True, order=True)
class Disturbance:
    """One disturbance."""

    at: float
    """Seconds after the beginning."""
    kind: Kind
    number: int
    """From 0 of its kind; what it does at random depends on it alone."""


def plan_disturbances(
    seed: int, seconds: float, longest: float, slowness: float = 1.0
) -> list[Disturbance]:
    """Return the disturbances of a run in their order.

    Args:
        seed: the schedule is the same for the same seed
        seconds: within which there is at least one of each kind
        longest: where the schedule ends
        slowness: by how much longer everything takes here: as much rarer are the disturbances

    """
    planned = []
    for kind, (least, most) in PERIODS.items():
        # A generator of its own for each, so that a new kind changes nothing for the others.
        random = Random(f"{seed}/{kind}")  # noqa: S311 - it has to repeat itself
        first = slowness * random.uniform(least / 2, least)
        at, number = min(first, seconds * random.uniform(0.2, 0.8)), 0
        while at < longest:
            planned.append(Disturbance(at, kind, number))
            at, number = at + slowness * random.uniform(least, most), number + 1
    return sorted(planned)
