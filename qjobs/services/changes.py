"""Optimistic concurrency: a change of a record is saved under its ETag, or decided again."""

from __future__ import annotations

from collections.abc import Callable

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import ConcurrentUpdateError
from qjobs.domain.job import Job, Status
from qjobs.ports import JobStore, Stored

_MOST_ATTEMPTS = 10


async def save_change(
    jobs: JobStore,
    stored: Stored,
    move: Callable[[Job], Job | None],
    result: JSONObject | None = None,
) -> Stored:
    """Save the job that *move* returns, and decide again if the record has changed meanwhile.

    Args:
        jobs: where the job is.
        stored: the job as last seen.
        move: returns the changed job, or None to leave it as it is.
        result: stored in the same write if *move* lets the job succeed.

    Returns:
        The job as it is now.

    Raises:
        ConcurrentUpdateError: the record changed again and again.

    """
    for _ in range(_MOST_ATTEMPTS):
        moved = move(stored.job)
        if moved is None:
            return stored
        try:
            if moved.status is Status.SUCCEEDED and result is not None:
                return await jobs.finish(moved, stored.etag, result)
            return await jobs.save(moved, stored.etag)
        except ConcurrentUpdateError:
            stored = await jobs.get(stored.job.owner, stored.job.id)
    raise ConcurrentUpdateError
