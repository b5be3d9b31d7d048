"""The workspace's operations, without HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from azure_quantum_emulator import store as items
from azure_quantum_emulator.errors import InvalidRequestError, NotFoundError
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.query import Condition
from azure_quantum_emulator.runner import Runner
from azure_quantum_emulator.sessions import Session
from azure_quantum_emulator.storage import BlobStorage
from azure_quantum_emulator.store import Page, Store
from azure_quantum_emulator.targets.catalogue import all_targets


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The coordinates of a workspace in Azure, and its API key."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    api_key: str | None
    """None where only tokens open it."""
    kind: str = "V1"
    """`V1` or `V2`, which the SDK asks the resource manager for."""
    endpoint: str | None = None
    """The data plane's address, as the resource manager gives it; None is the one through which
    it is asked."""

    def is_at(self, subscription_id: str, resource_group: str, name: str) -> bool:
        """Return whether a path names this workspace; Azure does not tell case apart."""
        asked = (subscription_id, resource_group, name)
        mine = (self.subscription_id, self.resource_group, self.name)
        return all(a.casefold() == b.casefold() for a, b in zip(asked, mine, strict=True))


@dataclass(frozen=True, slots=True)
class Workspace:
    """An Azure Quantum workspace."""

    coordinates: Coordinates
    store: Store
    storage: BlobStorage
    runner: Runner
    scenario: Scenario

    def submit(self, job: Job) -> Job:
        """Create a job and have it run; return it as it is kept.

        Raises:
            InvalidRequestError: its session does not exist, is of another target, or is over.
            QuotaExhaustedError: the provider may not be used any more.
            ConflictError: the id is taken; the job that has it stays as it is.

        """
        dimensions = {
            dimension.dimension_id for dimension in all_targets()[job.target].cost_dimensions
        }
        self.scenario.quotas.check(job.provider_id, dimensions)
        if job.session_id is None:
            self.store.create(job)
        else:
            session = self._session_of(job).joined(job.created)
            self.store.create(job)
            self.store.update(session)
        return self.runner.submit(job)

    def update(self, job_id: str, **changes: Any) -> Job:  # noqa: ANN401 - fields of a job
        """Change fields of a job.

        Raises:
            NotFoundError: there is no such job.

        """
        now = self.scenario.clock.now()
        job = replace(self.store.job(job_id), modified=now, **changes)
        self.store.update(job)
        return job

    def cancel(self, job_id: str) -> None:
        """Ask for the end of a job; one that has ended stays as it is.

        Raises:
            NotFoundError: there is no such job.

        """
        self.runner.cancel(self.store.job(job_id))

    def delete(self, job_id: str) -> None:
        """Cancel a job and forget it.

        Raises:
            NotFoundError: there is no such job.

        """
        self.runner.forget(self.store.job(job_id))
        self.store.delete_job(job_id)

    def session(self, session_id: str) -> Session:
        """Return a session.

        Raises:
            NotFoundError: there is none with this id.

        """
        self._expire_sessions()
        return self.store.session(session_id)

    def close_session(self, session_id: str) -> Session:
        """Close a session, which may take until its last job has ended.

        Raises:
            NotFoundError: there is none with this id.

        """
        session = self.session(session_id).closed(self.scenario.clock.now())
        self.store.update(session)
        return session

    def page(self, condition: Condition, order: str, skip: int, top: int) -> Page:
        """Return part of the jobs and sessions that fulfil a condition."""
        self._expire_sessions()
        return self.store.page(condition, order, skip, top)

    def seed(self, seeded: Sequence[items.Item]) -> None:
        """Add jobs and sessions as if they had been there for long; nothing is run.

        Raises:
            ConflictError: an id is taken; the items before it have been added.

        """
        for item in seeded:
            self.store.create(item)

    def reset(self) -> None:
        """Cancel all jobs, forget everything, and begin the scenario anew."""
        for job in self.store.unfinished_jobs():
            self.runner.cancel(job)
        self.store.clear()
        self.scenario.reset()

    def submissions(self) -> list[dict[str, Any]]:
        """Return the status and the number of PUT requests of each job, newest first."""
        puts = self.store.puts()
        return [
            {
                "id": job.id,
                "name": job.name,
                "target": job.target,
                "status": job.status,
                "putAttempts": puts.get(job.id, 0),
                "queueDelay": 0.0 if job.due is None else (job.due - job.created) / 10**9,
            }
            for job in self.store.newest_jobs()
        ]

    def _session_of(self, job: Job) -> Session:
        try:
            session = self.session(job.session_id or "")
        except NotFoundError as error:
            raise InvalidRequestError("InvalidJobDefinition", error.message) from None
        if session.target != job.target:
            raise InvalidRequestError(
                "InvalidJobDefinition",
                f"The session {session.id} is on {session.target}, not on {job.target}.",
            )
        return session

    def _expire_sessions(self) -> None:
        now = self.scenario.clock.now()
        for session in self.store.idle_sessions(now - self.scenario.session_timeout):
            self.store.update(session.timed_out(now))
