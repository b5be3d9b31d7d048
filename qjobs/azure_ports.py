"""Every port over Azure and Qiskit, made when first needed.

Imports that cost are inside the properties: a function that lists the catalogue never pays for
storage or quantum clients, and importing the function app pays for neither.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.system_clock import SystemClock
from qjobs.settings import Settings, VaultSettings
from qjobs.telemetry import NoTelemetry, Telemetry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azure.identity import ManagedIdentityCredential
    from azure.quantum import Workspace

    from qjobs.adapters.storage import StorageAccount
    from qjobs.adapters.web_pubsub import WebPubSub
    from qjobs.ports import (
        AlgorithmRunner,
        Announcements,
        Documents,
        Heartbeats,
        JobStore,
        Listeners,
        QuantumProvider,
        WorkQueue,
    )
    from qjobs.webhook_ports import Deliveries, MasterSecret, Webhooks, WebhookSender


@dataclass(frozen=True)
class AzurePorts:
    """Every port over Azure and Qiskit."""

    settings: Settings
    catalogue: FileCatalogue
    """The descriptions of the algorithms."""

    @cached_property
    def clock(self) -> SystemClock:
        """The time."""
        return SystemClock()

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
    def heartbeats(self) -> Heartbeats:
        """The last beat of every function."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_heartbeats import BlobHeartbeats

        return BlobHeartbeats(BlobContainer(self._storage, "heartbeats"))

    @cached_property
    def listeners(self) -> Listeners:
        """The callers that are told of changes."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_listeners import BlobListeners

        return BlobListeners(BlobContainer(self._storage, "listeners"))

    @cached_property
    def webhooks(self) -> Webhooks:
        """The webhooks of callers."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_webhooks import BlobWebhooks

        return BlobWebhooks(BlobContainer(self._storage, "webhooks"))

    @cached_property
    def deliveries(self) -> Deliveries:
        """The deliveries of events to them."""
        from qjobs.adapters.blob_container import BlobContainer
        from qjobs.adapters.blob_deliveries import BlobDeliveries

        return BlobDeliveries(BlobContainer(self._storage, "webhook-deliveries"))

    @cached_property
    def webhook_sender(self) -> WebhookSender:
        """Requests to them."""
        from qjobs.adapters.webhook_sender import HttpWebhookSender

        return HttpWebhookSender(self.settings.webhooks.allowed)

    @cached_property
    def webhook_master(self) -> MasterSecret:
        """The secret that theirs are derived from."""
        from qjobs.adapters.webhook_master import GivenMaster, VaultMaster

        workspace = self.settings.workspace
        if isinstance(workspace, VaultSettings):
            return VaultMaster(workspace.uri, self._identity)
        return GivenMaster(self.settings.webhooks.master)

    @cached_property
    def announcements(self) -> Sequence[Announcements]:
        """The ways in which they are told."""
        return [self.channel] if self.channel else []

    @cached_property
    def channel(self) -> WebPubSub | None:
        """The channel to their clients."""
        settings = self.settings.channel
        if settings is None:
            return None
        from qjobs.adapters.web_pubsub import WebPubSub

        return WebPubSub(settings, self.settings.identity_client_id, self.clock)

    @cached_property
    def telemetry(self) -> Telemetry:
        """Spans and metrics."""
        settings = self.settings.telemetry
        if settings.destination is None:
            return NoTelemetry()
        from qjobs.adapters.telemetry_setup import set_up

        return set_up(settings.service, settings.destination)

    @cached_property
    def algorithms(self) -> AlgorithmRunner:
        """Execution of the algorithms."""
        from qjobs.adapters.algorithm_pool import AlgorithmPool

        return AlgorithmPool(self.catalogue.folder)

    @cached_property
    def provider(self) -> QuantumProvider:
        """The quantum workspace."""
        from qjobs.adapters.azure_quantum import AzureQuantumProvider

        return AzureQuantumProvider(self._connect, named_containers=self.settings.outputs_announced)

    def _connect(self) -> Workspace:
        from azure.core.credentials import AzureKeyCredential

        from qjobs.adapters.key_vault import workspace_in_vault
        from qjobs.adapters.workspace import connect

        workspace = self.settings.workspace
        if isinstance(workspace, VaultSettings):
            workspace = workspace_in_vault(workspace.uri, self._identity)
        key = workspace.api_key and AzureKeyCredential(workspace.api_key)
        return connect(workspace, key or self._identity)

    @cached_property
    def _identity(self) -> ManagedIdentityCredential:
        from azure.identity import ManagedIdentityCredential

        from qjobs.adapters.client_options import one_attempt

        return ManagedIdentityCredential(
            client_id=self.settings.identity_client_id, **one_attempt()
        )

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
