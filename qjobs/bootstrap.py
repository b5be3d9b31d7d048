"""The composition root: everything is put together here, when it is first needed.

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
from qjobs.services.place import Place
from qjobs.services.poison import Poison
from qjobs.services.query import FindJob, ListJobs, ReadResult
from qjobs.services.reconcile import Reconcile
from qjobs.services.run_inline import RunInline
from qjobs.services.signals import Signals
from qjobs.services.submit import Submit
from qjobs.services.track import Track
from qjobs.services.withdraw import Withdraw
from qjobs.settings import GatewayTrust, Settings, VaultSettings

if TYPE_CHECKING:
    from azure.quantum import Workspace

    from qjobs.adapters.storage import StorageAccount
    from qjobs.ports import Circuits, Documents, JobStore, Ports, QuantumProvider, WorkQueue

_TALKATIVE = ("azure.core", "azure.identity", "azure.quantum", "azure.storage", "qiskit")
"""Libraries that log several lines per job, which somebody pays for."""
_ALGORITHMS = Path(__file__).parents[1] / "algorithms"


@dataclass(frozen=True)
class AzurePorts:
    """Every port over the real thing."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        """The machine's time."""
        return SystemClock()

    @cached_property
    def catalogue(self) -> FileCatalogue:
        """The algorithms' descriptions."""
        return FileCatalogue(_ALGORITHMS)

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
    def circuits(self) -> Circuits:
        """The algorithms at work."""
        from qjobs.adapters.qiskit_circuits import QiskitCircuits

        return QiskitCircuits(self.catalogue)

    @cached_property
    def provider(self) -> QuantumProvider:
        """The quantum workspace."""
        from qjobs.adapters.azure_quantum import AzureQuantumProvider

        return AzureQuantumProvider(self._connect)

    def _connect(self) -> Workspace:
        from azure.core.credentials import AzureKeyCredential
        from azure.identity import ManagedIdentityCredential

        from qjobs.adapters.key_vault import workspace_in_vault
        from qjobs.adapters.workspace import WorkspaceAddress

        identity = ManagedIdentityCredential(client_id=self.settings.identity_client_id)
        match self.settings.workspace:
            case VaultSettings(vault):
                return workspace_in_vault(vault, identity).connect(identity)
            case where:
                address = WorkspaceAddress(
                    where.subscription_id,
                    where.resource_group,
                    where.name,
                    where.location,
                    where.endpoint,
                )
                key = where.api_key and AzureKeyCredential(where.api_key)
                return address.connect(key or identity)

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
    def run_inline(self) -> RunInline:
        """Start a job while its caller waits."""
        return RunInline(dispatch=self.dispatch, queue=self.ports.queue, find=self.find_job)

    @cached_property
    def dispatch(self) -> Attempt:
        """Work on a message of the dispatch queue."""
        return self._attempt(
            Dispatch(
                jobs=self.ports.jobs,
                documents=self.ports.documents,
                circuits=self.ports.circuits,
                provider=self.ports.provider,
                clock=self.ports.clock,
                place=self._place,
                track=self._track,
                conclude=self._conclude,
            )
        )

    @cached_property
    def track(self) -> Attempt:
        """Work on a message of the track queue."""
        return self._attempt(self._track)

    @cached_property
    def poison(self) -> Poison:
        """Work on a message of a poison queue."""
        return Poison(self.ports.jobs, self._conclude, self._withdraw)

    @cached_property
    def reconcile(self) -> Reconcile:
        """Find jobs that nobody works on any more."""
        return Reconcile(
            jobs=self.ports.jobs,
            queue=self.ports.queue,
            clock=self.ports.clock,
            stalled_after=self.settings.stalled_after,
        )

    @cached_property
    def find_job(self) -> FindJob:
        """Return one job."""
        return FindJob(self.ports.jobs, self._signals)

    @cached_property
    def list_jobs(self) -> ListJobs:
        """Return a page of jobs."""
        return ListJobs(self.ports.jobs)

    @cached_property
    def read_result(self) -> ReadResult:
        """Return the result of a job."""
        return ReadResult(self.ports.jobs)

    @cached_property
    def cancel(self) -> Cancel:
        """End a job before it has a result."""
        return Cancel(self.ports.jobs, self.ports.clock, self.settings.stalled_after)

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
            circuits=self.ports.circuits,
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
    """Return the catalogue, which needs no setting at all."""
    return FileCatalogue(_ALGORITHMS)


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
    """Return whom the functions believe; indexing the app needs this much and no more."""
    return GatewayTrust.from_environment(os.environ)
