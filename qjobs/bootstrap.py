"""The composition root: ports and services are put together here, when first needed.

Imports that cost are inside the properties: a function that lists the catalogue never pays for
storage or quantum clients, and importing the function app pays for neither.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.system_clock import SystemClock
from qjobs.domain.identifiers import new_job_id
from qjobs.services.attempt import Attempt
from qjobs.services.cancel import Cancel
from qjobs.services.conclude import Conclude
from qjobs.services.dispatch import Dispatch
from qjobs.services.durations import Durations
from qjobs.services.enqueue import Enqueue
from qjobs.services.place import Place
from qjobs.services.poison import Poison
from qjobs.services.query import FindJob, ReadOutcome
from qjobs.services.reconcile import Reconcile
from qjobs.services.run_inline import RunInline
from qjobs.services.signals import Signals
from qjobs.services.submit import Submit
from qjobs.services.track import Track
from qjobs.services.withdraw import Withdraw
from qjobs.settings import GatewayTrust, Settings, VaultSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from azure.quantum import Workspace

    from qjobs.adapters.storage import StorageAccount
    from qjobs.domain.target import Target
    from qjobs.ports import (
        AlgorithmRunner,
        Documents,
        JobFilter,
        JobStore,
        Page,
        Ports,
        QuantumProvider,
        WorkQueue,
    )

_TALKATIVE = ("azure.core", "azure.identity", "azure.quantum", "azure.storage", "qiskit")
"""Libraries that log several lines per job, which cost money."""


@dataclass(frozen=True)
class AzurePorts:
    """Every port over Azure and Qiskit."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        """The time."""
        return SystemClock()

    @property
    def catalogue(self) -> FileCatalogue:
        """The descriptions of the algorithms."""
        return catalogue()

    @cached_property
    def jobs(self) -> JobStore:
        """The records of jobs."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_job_store import BlobJobStore

        return BlobJobStore(
            BlobContainer(self._storage, "jobs"), BlobContainer(self._storage, "idempotency")
        )

    @cached_property
    def documents(self) -> Documents:
        """The steps of jobs."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_documents import BlobDocuments

        return BlobDocuments(BlobContainer(self._storage, "job-documents"))

    @cached_property
    def queue(self) -> WorkQueue:
        """The work queues."""
        from qjobs.adapters.storage_queue import StorageWorkQueue

        return StorageWorkQueue(self._storage)

    @cached_property
    def algorithms(self) -> AlgorithmRunner:
        """Execution of the algorithms."""
        from qjobs.adapters.algorithm_pool import AlgorithmPool

        return AlgorithmPool(self.catalogue.folder)

    @cached_property
    def provider(self) -> QuantumProvider:
        """The quantum workspace."""
        from qjobs.adapters.azure_quantum import AzureQuantumProvider

        return AzureQuantumProvider(self._connect)

    def _connect(self) -> Workspace:
        from azure.core.credentials import AzureKeyCredential
        from azure.identity import ManagedIdentityCredential

        from qjobs.adapters.key_vault import workspace_in_vault
        from qjobs.adapters.workspace import connect

        identity = ManagedIdentityCredential(client_id=self.settings.identity_client_id)
        workspace = self.settings.workspace
        if isinstance(workspace, VaultSettings):
            workspace = workspace_in_vault(workspace.uri, identity)
        key = workspace.api_key and AzureKeyCredential(workspace.api_key)
        return connect(workspace, key or identity)

    @cached_property
    def _storage(self) -> StorageAccount:
        from qjobs.adapters.storage import StorageAccount

        settings = self.settings
        return StorageAccount(
            settings.storage_connection_string,
            settings.storage_blob_uri,
            settings.storage_queue_uri,
            settings.identity_client_id,
        )


@dataclass(frozen=True)
class Services:
    """Every use case over the given ports."""

    ports: Ports
    settings: Settings

    @cached_property
    def submit(self) -> Submit:
        """Accept a job."""
        return Submit(
            catalogue=self.ports.catalogue,
            jobs=self.ports.jobs,
            provider=self.ports.provider,
            clock=self.ports.clock,
            new_id=new_job_id,
            stalled_after=self.settings.stalled_after,
            retention=self.settings.retention,
        )

    @cached_property
    def enqueue(self) -> Enqueue:
        """Hand a job over to the queues."""
        return Enqueue(self.ports.queue)

    @cached_property
    def run_inline(self) -> RunInline:
        """Run a job while its caller waits."""
        return RunInline(dispatch=self.dispatch, queue=self.ports.queue, read=self.read_outcome)

    @cached_property
    def dispatch(self) -> Attempt:
        """Process a message of the dispatch queue."""
        return self._attempt(
            Dispatch(
                jobs=self.ports.jobs,
                documents=self.ports.documents,
                algorithms=self.ports.algorithms,
                provider=self.ports.provider,
                clock=self.ports.clock,
                place=self._place,
                track=self._track,
                conclude=self._conclude,
            )
        )

    @cached_property
    def track(self) -> Attempt:
        """Process a message of the track queue."""
        return self._attempt(self._track)

    @cached_property
    def poison(self) -> Poison:
        """Process a message of a poison queue."""
        return Poison(self.ports.jobs, self._conclude, self._withdraw)

    @cached_property
    def reconcile(self) -> Reconcile:
        """Send the messages of lost jobs again."""
        return Reconcile(
            jobs=self.ports.jobs,
            queue=self.ports.queue,
            clock=self.ports.clock,
            stalled_after=self.settings.stalled_after,
        )

    @cached_property
    def find_job(self) -> FindJob:
        """Return one job."""
        return FindJob(self.ports.jobs, self._signals, self.ports.clock)

    @cached_property
    def read_outcome(self) -> ReadOutcome:
        """Return the outcome of a job."""
        return ReadOutcome(self.ports.jobs, self.find_job)

    @cached_property
    def cancel(self) -> Cancel:
        """Cancel a job."""
        return Cancel(self.ports.jobs, self.ports.clock, self.settings.stalled_after)

    async def list_jobs(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner, newest first.

        Raises:
            InvalidParameterError: *continuation* was not given out by an earlier call.

        """
        return await self.ports.jobs.page(owner, wanted, size, continuation)

    async def list_targets(self) -> Sequence[Target]:
        """Return the targets of the workspace."""
        return await self.ports.provider.targets()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self.ports.clock.now()

    @cached_property
    def _signals(self) -> Signals:
        return Signals(self.ports.clock)

    @cached_property
    def _conclude(self) -> Conclude:
        return Conclude(self.ports.jobs, self.ports.clock, self._signals)

    @cached_property
    def _place(self) -> Place:
        return Place(self.ports.documents, self.ports.provider)

    @cached_property
    def _withdraw(self) -> Withdraw:
        return Withdraw(self.ports.documents, self.ports.provider)

    @cached_property
    def _track(self) -> Track:
        return Track(
            jobs=self.ports.jobs,
            documents=self.ports.documents,
            queue=self.ports.queue,
            algorithms=self.ports.algorithms,
            provider=self.ports.provider,
            clock=self.ports.clock,
            place=self._place,
            conclude=self._conclude,
            withdraw=self._withdraw,
            durations=Durations(),
            stalled_after=self.settings.stalled_after,
            patience=self.settings.patience,
        )

    def _attempt(self, work: Dispatch | Track) -> Attempt:
        return Attempt(
            jobs=self.ports.jobs,
            queue=self.ports.queue,
            clock=self.ports.clock,
            conclude=self._conclude,
            withdraw=self._withdraw,
            work=work,
            stalled_after=self.settings.stalled_after,
        )


@cache
def catalogue() -> FileCatalogue:
    """Return the one catalogue of this process, which needs no setting at all."""
    return FileCatalogue(Path(__file__).parents[1] / "algorithms")


@cache
def services() -> Services:
    """Return the services of this process.

    Raises:
        SettingError: a setting is missing or wrong.

    """
    settings = Settings.from_environment(os.environ)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    return Services(AzurePorts(settings), settings)


@cache
def gateway_trust() -> GatewayTrust:
    """Return the trusted gateway; the Functions host needs no other setting to index the app."""
    return GatewayTrust.from_environment(os.environ)
