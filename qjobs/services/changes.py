"""Changing a job that others may be changing too."""

from __future__ import annotations

from collections.abc import Callable

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import ConcurrentUpdateError
from qjobs.domain.job import Job, Status
from qjobs.ports import JobStore, Stored

_MOST_ATTEMPTS = 10


async def change(
    jobs: JobStore,
    stored: Stored,
    move: Callable[[Job], Job | None],
    result: JSONObject | None = None,
) -> Stored:
    """Save what *move* makes of a job, deciding again whenever somebody else was faster.

    Args:
        jobs: where the job is.
        stored: the job as last seen.
        move: returns the changed job, or None to leave it as it is.
        result: what a job that *move* lets succeed has for a result.

    Returns:
        The job as it is now.

    Raises:
        ConcurrentUpdateError: others kept being faster.

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
