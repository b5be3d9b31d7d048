"""Jobs and where they are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from localdev.emulator import lifecycle
from localdev.emulator.errors import ConflictError, JobError, NotFoundError
from localdev.emulator.lifecycle import Status
from localdev.emulator.storage import BlobName


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the workspace knows it; times are nanoseconds since 1970."""

    id: str
    name: str
    provider_id: str
    target: str
    container: str
    input_blob: BlobName
    input_data_format: str
    output_data_format: str
    input_params: Mapping[str, Any]
    metadata: Mapping[str, str] | None
    tags: tuple[str, ...]
    created: int
    modified: int
    session_id: str | None = None
    status: Status = Status.WAITING
    begun: int | None = None
    ended: int | None = None
    cancelled: int | None = None
    error: JobError | None = None

    @property
    def output_blob(self) -> BlobName:
        """Where its output goes."""
        return BlobName(self.container, "outputData")

    @property
    def is_finished(self) -> bool:
        """Whether its status is final."""
        return self.status in lifecycle.TERMINAL

    def moved(self, status: Status, now: int, error: JobError | None = None) -> Job:
        """Return the job in its next status.

        Raises:
            lifecycle.IllegalTransitionError: it cannot go there.

        """
        lifecycle.check(self.status, status)
        job = replace(self, status=status, modified=now, error=error)
        match status:
            case Status.EXECUTING:
                return replace(job, begun=now)
            case Status.CANCELLED:
                return replace(job, ended=now, cancelled=now)
            case Status.SUCCEEDED | Status.FAILED:
                return replace(job, ended=now)
            case _:
                return job


class JobStore:
    """The jobs of the workspace, in memory."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._puts: Counter[str] = Counter()

    def count_put(self, job_id: str) -> None:
        """Note that a client asked for a job with this id, whatever comes of it."""
        self._puts[job_id] += 1

    def puts(self, job_id: str) -> int:
        """Return how often a client asked for a job with this id."""
        return self._puts[job_id]

    def create(self, job: Job) -> None:
        """Add a job.

        Raises:
            ConflictError: its id is taken.

        """
        if job.id in self._jobs:
            raise ConflictError("JobAlreadyExists", f"A job with the id {job.id} already exists.")
        self._jobs[job.id] = job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFoundError: there is none with this id.

        """
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFoundError("JobNotFound", f"The job {job_id} was not found.") from None

    def find(self, job_id: str) -> Job | None:
        """Return a job, or None if it was deleted."""
        return self._jobs.get(job_id)

    def update(self, job: Job) -> Job:
        """Keep the new version of a job, and return it."""
        self._jobs[job.id] = job
        return job

    def delete(self, job_id: str) -> None:
        """Forget a job; its id stays counted."""
        del self._jobs[job_id]

    def newest_first(self) -> list[Job]:
        """Return all jobs."""
        return list(reversed(self._jobs.values()))

    def clear(self) -> None:
        """Forget everything."""
        self._jobs.clear()
        self._puts.clear()
