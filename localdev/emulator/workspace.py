"""The workspace: what its operations do, apart from HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localdev.emulator.api import wire
from localdev.emulator.jobs import Job, JobStore
from localdev.emulator.runner import Runner
from localdev.emulator.storage import BlobStorage


@dataclass(frozen=True, slots=True)
class Identity:
    """Which workspace it is, and the key to it."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    api_key: str

    def is_at(self, subscription_id: str, resource_group: str, name: str) -> bool:
        """Return whether a path names this workspace; Azure does not tell case apart."""
        asked = (subscription_id, resource_group, name)
        mine = (self.subscription_id, self.resource_group, self.name)
        return all(a.casefold() == b.casefold() for a, b in zip(asked, mine, strict=True))


@dataclass(frozen=True, slots=True)
class Workspace:
    """An Azure Quantum workspace."""

    identity: Identity
    store: JobStore
    storage: BlobStorage
    runner: Runner
    now: Callable[[], int] = time.time_ns

    def submit(self, job_id: str, body: object) -> Job:
        """Create a job and have it run.

        Raises:
            InvalidRequestError: the workspace cannot take such a job.
            ConflictError: the id is taken; the job that has it stays as it is.

        """
        self.store.count_put(job_id)
        job = wire.parse_job(job_id, body, self.storage, self.now())
        self.store.create(job)
        self.runner.submit(job)
        return job

    def cancel(self, job_id: str) -> None:
        """Ask for the end of a job; one that has ended stays as it is.

        Raises:
            NotFoundError: there is no such job.

        """
        self.runner.cancel(self.store.get(job_id))

    def delete(self, job_id: str) -> None:
        """Cancel a job and forget it.

        Raises:
            NotFoundError: there is no such job.

        """
        self.cancel(job_id)
        self.store.delete(job_id)

    def reset(self) -> None:
        """Cancel all jobs and forget them."""
        for job in self.store.newest_first():
            self.runner.cancel(job)
        self.store.clear()

    async def container_uri(self, container: str) -> str:
        """Return the signed address of a container, which is created if need be.

        Raises:
            InvalidRequestError: no container can have this name.
            azure.core.exceptions.AzureError: the storage account does not answer.

        """
        await self.storage.create_container(container)
        return self.storage.signed_uri("rwlac", container)

    def blob_uri(self, container: str, blob: str) -> str:
        """Return the signed address of a blob, which need not exist."""
        return self.storage.signed_uri("rcw", container, blob)

    def submissions(self) -> list[dict[str, Any]]:
        """Return for each job how often it was asked for, and how it is."""
        return [
            {
                "id": job.id,
                "name": job.name,
                "target": job.target,
                "status": job.status,
                "putAttempts": self.store.puts(job.id),
            }
            for job in self.store.newest_first()
        ]
