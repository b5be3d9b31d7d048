"""Targets of an Azure Quantum workspace, used through the adapter of the deployed functions."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

from azure.identity import AzureCliCredential
from azure.quantum import Workspace

from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import ProviderRejectedError
from qjobs.domain.plan import ProviderJob

_PAUSE = 2.0  # seconds between two looks at a job


def connect() -> Workspace:
    """Return the workspace that the SDK's own variables name (`AZURE_QUANTUM_...`).

    The caller is whoever is signed in with `az login`, unless a connection string holds a key.
    """
    if os.environ.get("AZURE_QUANTUM_CONNECTION_STRING"):
        return Workspace()
    return Workspace(credential=AzureCliCredential())


@dataclass(frozen=True, slots=True)
class WorkspaceTarget:
    """Runs jobs on their target."""

    provider: AzureQuantumProvider

    async def __call__(self, jobs: Sequence[ProviderJob]) -> list[Counts]:
        """Return the counts of each of *jobs*; all of them wait in the queue together.

        Raises:
            ProviderRejectedError: a job failed or was canceled.

        """
        await asyncio.gather(*map(self.provider.submit, jobs))
        try:
            return await asyncio.gather(*(self._counts(job.target, job.id) for job in jobs))
        except BaseException:
            # What is still in the queue may cost.
            await asyncio.gather(*(self.provider.cancel(job.target, job.id) for job in jobs))
            raise

    async def _counts(self, target: str, job: str) -> Counts:
        while True:
            status = await self.provider.status(target, job)
            if status.over:
                break
            await asyncio.sleep(_PAUSE)
        if not status.ended_well:
            raise ProviderRejectedError(f"Job {job}: {status.failure or status.phase}")
        return await self.provider.counts(target, job)
