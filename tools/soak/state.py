"""The whole state that a run leaves: in the app's storage, in its queues, at the provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Job

PROVIDER_ENDS = frozenset({"Succeeded", "Failed", "Cancelled"})
"""Final statuses of the workspace's jobs."""


@dataclass(frozen=True, slots=True)
class Record:
    """A job's blob."""

    job: Job
    tags: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] | None = None
    """Its result, once it succeeded."""


@dataclass(frozen=True, slots=True)
class ProviderJobState:
    """A job in the workspace."""

    id: str
    name: str
    target: str
    status: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """The messages of one queue."""

    name: str
    visible: Sequence[str] = ()
    """Their texts, of 32 at most."""
    total: int = 0
    """Those under a lease among them."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is stored anywhere after a run."""

    records: Mapping[str, Record]
    """By job id."""
    unreadable: Sequence[str] = ()
    """Blobs among the records that are none."""
    documents: Sequence[str] = ()
    """Names of the jobs' documents, `<owner>/<job>/<document>.json`."""
    programs: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """By job id and step, how many circuits it has at the provider."""
    reservations: Mapping[str, str] = field(default_factory=dict)
    """By `<owner>/<hash of the key>`, the job id."""
    provider_jobs: Sequence[ProviderJobState] = ()
    sessions: Mapping[str, str] = field(default_factory=dict)
    """By id of a session of the workspace, its status."""
    inputs: frozenset[str] = frozenset()
    """Ids of provider jobs that have a container in the storage of the workspace."""
    queues: Sequence[QueueState] = ()
    unknown_containers: Sequence[str] = ()

    def circuits(self, job_id: str) -> dict[str, int]:
        """Return the ids of a job's circuits at the provider, each with its step."""
        return {
            provider_job_id(job_id, step, index): step
            for (owner, step), programs in self.programs.items()
            if owner == job_id
            for index in range(programs)
        }

    def looks_ahead(self, now: datetime) -> int:
        """Return for how many jobs that have ended another look is still to come."""
        return sum(
            record.job.final and record.job.due is not None and record.job.due > now
            for record in self.records.values()
        )

    @property
    def ended(self) -> int:
        """Number of jobs and provider jobs that are over: it grows as long as anything goes on."""
        return sum(record.job.final for record in self.records.values()) + sum(
            job.status in PROVIDER_ENDS for job in self.provider_jobs
        )

    @property
    def pending(self) -> int:
        """Number of things that are not over: jobs, those marked, provider jobs, messages."""
        return (
            sum(not record.job.final or "due" in record.tags for record in self.records.values())
            + sum(job.status not in PROVIDER_ENDS for job in self.provider_jobs)
            + sum(len(queue.visible) for queue in self.queues)
        )
