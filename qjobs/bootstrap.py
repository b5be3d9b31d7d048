"""The composition root: services are put together here, when first needed, over the ports."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.azure_ports import AzurePorts
from qjobs.domain.identifiers import new_job_id, new_webhook_id
from qjobs.services.announced_jobs import AnnouncedJobs
from qjobs.services.attempt import Attempt
from qjobs.services.cancel import Cancel
from qjobs.services.channel import OpenChannel
from qjobs.services.check_submission import CheckSubmission
from qjobs.services.choose import Choose
from qjobs.services.conclude import Conclude
from qjobs.services.deliver import Deliver
from qjobs.services.deliveries import ManageDeliveries
from qjobs.services.delivery_upkeep import ReviveDelivery, SweepDeliveries
from qjobs.services.dispatch import Dispatch
from qjobs.services.durations import Durations
from qjobs.services.enqueue import Enqueue
from qjobs.services.estimate import EstimateJob
from qjobs.services.functions_health import FunctionsHealth
from qjobs.services.heartbeat import ReceiveHeartbeat, SendHeartbeats
from qjobs.services.intake import Intake
from qjobs.services.listening import Listening
from qjobs.services.measure import MeasureJobs
from qjobs.services.observed import ObservedAlgorithms, ObservedProvider, ObservedQueue
from qjobs.services.place import Place
from qjobs.services.place_first import PlaceFirst
from qjobs.services.plan_first import PlanFirst
from qjobs.services.poison import Poison
from qjobs.services.query import FindJob, ReadOutcome
from qjobs.services.reconcile import Reconcile
from qjobs.services.requeue import Requeue
from qjobs.services.signals import Signals
from qjobs.services.spending import Spending
from qjobs.services.start import Start
from qjobs.services.submit import Submit
from qjobs.services.sweep import Sweep
from qjobs.services.track import Track
from qjobs.services.wake import Wake
from qjobs.services.webhook_announcements import WebhookAnnouncements
from qjobs.services.webhook_secrets import WebhookSecrets
from qjobs.services.webhooks import ManageWebhooks
from qjobs.services.withdraw import Withdraw
from qjobs.settings import GatewayTrust, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qjobs.domain.target import Target
    from qjobs.ports import (
        AlgorithmRunner,
        JobFilter,
        JobStore,
        Page,
        Ports,
        QuantumProvider,
        WorkQueue,
    )
    from qjobs.telemetry import Telemetry

_TALKATIVE = ("azure.core", "azure.identity", "azure.quantum", "azure.storage", "qiskit")
"""Libraries that log several lines per job, which cost money."""


@dataclass(frozen=True)
class Services:
    """Every use case over the given ports."""

    ports: Ports
    settings: Settings

    @cached_property
    def submit(self) -> Submit:
        """Accept a job."""
        return Submit(
            check=self._check,
            plan_first=self._plan_first,
            spending=self._spending,
            webhooks=self.ports.webhooks,
            jobs=self._jobs,
            clock=self.ports.clock,
            new_id=new_job_id,
            stalled_after=self.settings.stalled_after,
            retention=self.settings.retention,
        )

    @cached_property
    def intake(self) -> Intake:
        """Hold a place while a submission is checked and stored."""
        return Intake()

    @cached_property
    def estimate(self) -> EstimateJob:
        """Estimate a job, without submitting it."""
        return EstimateJob(
            self._check,
            self._plan_first,
            self._spending,
            self._algorithms,
            self._provider,
            self.ports.clock,
        )

    @cached_property
    def estimates(self) -> Intake:
        """Hold a place while a job is estimated, which takes none from submissions."""
        return Intake()

    @cached_property
    def enqueue(self) -> Enqueue:
        """Hand a job over to the queues."""
        return Enqueue(self._queue)

    @cached_property
    def start(self) -> Start:
        """Start an accepted job, here or by the queues."""
        return Start(
            dispatch=self._dispatch,
            attempt=self.dispatch,
            queue=self._queue,
            enqueue=self.enqueue,
            read=self.read_outcome,
            signals=self._signals,
            patience=self.settings.patience,
        )

    @cached_property
    def dispatch(self) -> Attempt:
        """Process a message of the dispatch queue."""
        return self._attempt(self._dispatch)

    @cached_property
    def track(self) -> Attempt:
        """Process a message of the track queue."""
        return self._attempt(self._track)

    @cached_property
    def poison(self) -> Poison:
        """Process a message of a poison queue."""
        return Poison(self._jobs, self._queue, self._conclude, self._withdraw, self.telemetry)

    @cached_property
    def reconcile(self) -> Reconcile:
        """Send the messages of lost jobs again."""
        return Reconcile(
            jobs=self._jobs,
            queue=self._queue,
            clock=self.ports.clock,
            telemetry=self.telemetry,
            stalled_after=self.settings.stalled_after,
        )

    @cached_property
    def measure(self) -> MeasureJobs:
        """Measure the jobs that have not ended."""
        return MeasureJobs(self._jobs, self.ports.clock, self.telemetry)

    @cached_property
    def sweep(self) -> Sweep:
        """Look at all records in turn: delete expired jobs, revive overdue ones."""
        return Sweep(
            jobs=self._jobs,
            documents=self.ports.documents,
            clock=self.ports.clock,
            revive=self.reconcile.revive,
        )

    @cached_property
    def wake(self) -> Wake:
        """Look at the job of an output that storage announces."""
        return Wake(self._jobs, self._queue, self.track, self.telemetry)

    @cached_property
    def webhooks(self) -> ManageWebhooks:
        """Register, list and delete webhooks, and give them new secrets."""
        return ManageWebhooks(
            webhooks=self.ports.webhooks,
            secrets=self._webhook_secrets,
            listening=self.listening,
            clock=self.ports.clock,
            new_id=new_webhook_id,
            allowed=self.settings.webhooks.allowed,
        )

    @cached_property
    def deliveries(self) -> ManageDeliveries:
        """Ping a webhook, list its deliveries, and have them sent again."""
        return ManageDeliveries(
            webhooks=self.ports.webhooks,
            deliveries=self.ports.deliveries,
            secrets=self._webhook_secrets,
            queue=self._queue,
            clock=self.ports.clock,
            new_id=new_job_id,
            retention=self.settings.retention,
        )

    @cached_property
    def deliver(self) -> Deliver:
        """Process a message of the queue of deliveries."""
        return Deliver(
            webhooks=self.ports.webhooks,
            deliveries=self.ports.deliveries,
            secrets=self._webhook_secrets,
            sender=self.ports.webhook_sender,
            jobs=self._jobs,
            queue=self._queue,
            listening=self.listening,
            clock=self.ports.clock,
            telemetry=self.telemetry,
            retention=self.settings.retention,
        )

    @cached_property
    def revive_delivery(self) -> ReviveDelivery:
        """Process a message of the poison queue of deliveries."""
        return ReviveDelivery(self._queue)

    @cached_property
    def sweep_deliveries(self) -> SweepDeliveries:
        """Delete expired deliveries."""
        return SweepDeliveries(self.ports.deliveries, self.ports.clock)

    @cached_property
    def send_heartbeats(self) -> SendHeartbeats:
        """Show that the timer runs, and have the functions of the queues show it."""
        return SendHeartbeats(
            heartbeats=self.ports.heartbeats,
            queue=self._queue,
            clock=self.ports.clock,
            region=self.settings.region,
        )

    @cached_property
    def receive_heartbeat(self) -> ReceiveHeartbeat:
        """Process a heartbeat of a work queue."""
        return ReceiveHeartbeat(
            heartbeats=self.ports.heartbeats,
            queue=self._queue,
            region=self.settings.region,
        )

    @cached_property
    def functions_health(self) -> FunctionsHealth:
        """Return when each function last ran."""
        return FunctionsHealth(
            heartbeats=self.ports.heartbeats,
            clock=self.ports.clock,
            region=self.settings.region,
        )

    @cached_property
    def find_job(self) -> FindJob:
        """Return one job."""
        return FindJob(self._jobs, self._signals, self.ports.clock)

    @cached_property
    def read_outcome(self) -> ReadOutcome:
        """Return the outcome of a job."""
        return ReadOutcome(self._jobs, self.find_job)

    @cached_property
    def open_channel(self) -> OpenChannel:
        """Open the channel of a caller."""
        return OpenChannel(self.ports.channel, self.listening)

    @cached_property
    def cancel(self) -> Cancel:
        """Cancel a job."""
        return Cancel(self._jobs, self.ports.clock, self.settings.stalled_after)

    async def list_jobs(
        self, owner: str, wanted: JobFilter, size: int, continuation: str | None
    ) -> Page:
        """Return at most *size* jobs of an owner, newest first.

        Raises:
            InvalidParameterError: *continuation* was not given out by an earlier call.

        """
        unexpired = replace(wanted, now=self.now())
        return await self._jobs.page(owner, unexpired, size, continuation)

    async def list_targets(self) -> Sequence[Target]:
        """Return the targets of the workspace."""
        return await self._provider.targets()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self.ports.clock.now()

    @property
    def telemetry(self) -> Telemetry:
        """Spans and metrics."""
        return self.ports.telemetry

    @cached_property
    def _provider(self) -> QuantumProvider:
        provider, telemetry = self.ports.provider, self.telemetry
        return ObservedProvider(provider, telemetry) if telemetry.enabled else provider

    @cached_property
    def _algorithms(self) -> AlgorithmRunner:
        algorithms, telemetry = self.ports.algorithms, self.telemetry
        return ObservedAlgorithms(algorithms, telemetry) if telemetry.enabled else algorithms

    @cached_property
    def _queue(self) -> WorkQueue:
        queue, telemetry = self.ports.queue, self.telemetry
        return ObservedQueue(queue, telemetry) if telemetry.enabled else queue

    @cached_property
    def listening(self) -> Listening:
        """The callers that are told of changes of their jobs."""
        webhooks = WebhookAnnouncements(self.ports.webhooks, self._queue)
        ways = [*self.ports.announcements, webhooks]
        return Listening(self.ports.listeners, ways, self.ports.clock)

    @cached_property
    def _webhook_secrets(self) -> WebhookSecrets:
        return WebhookSecrets(self.ports.webhook_master)

    @cached_property
    def _jobs(self) -> JobStore:
        return AnnouncedJobs(
            self.ports.jobs, self.listening, self.ports.clock, self.settings.stalled_after
        )

    @cached_property
    def _signals(self) -> Signals:
        return Signals(self.ports.clock, self.telemetry)

    @cached_property
    def _conclude(self) -> Conclude:
        return Conclude(
            jobs=self._jobs,
            clock=self.ports.clock,
            signals=self._signals,
            stalled_after=self.settings.stalled_after,
            telemetry=self.telemetry,
        )

    @cached_property
    def _check(self) -> CheckSubmission:
        return CheckSubmission(self.ports.catalogue, self._provider)

    @cached_property
    def _spending(self) -> Spending:
        return Spending(self._jobs, self.settings.cost_of_job, self.settings.cost_of_day)

    @cached_property
    def _plan_first(self) -> PlanFirst:
        return PlanFirst(self.ports.catalogue, self._algorithms, self._choose)

    @cached_property
    def _choose(self) -> Choose:
        return Choose(self.ports.catalogue, self._provider)

    @cached_property
    def _place(self) -> Place:
        return Place(self.ports.documents, self._provider)

    @cached_property
    def _withdraw(self) -> Withdraw:
        return Withdraw(
            jobs=self._jobs,
            documents=self.ports.documents,
            provider=self._provider,
            queue=self._queue,
            clock=self.ports.clock,
            stalled_after=self.settings.stalled_after,
        )

    @cached_property
    def _requeue(self) -> Requeue:
        return Requeue(self._jobs, self._queue, self.ports.clock, self.settings.stalled_after)

    @cached_property
    def _dispatch(self) -> Dispatch:
        return Dispatch(
            jobs=self._jobs,
            documents=self.ports.documents,
            plan_first=self._plan_first,
            clock=self.ports.clock,
            place=PlaceFirst(self.ports.documents, self._provider, self._place, self._choose),
            track=self._track,
            conclude=self._conclude,
            telemetry=self.telemetry,
        )

    @cached_property
    def _track(self) -> Track:
        return Track(
            jobs=self._jobs,
            documents=self.ports.documents,
            catalogue=self.ports.catalogue,
            algorithms=self._algorithms,
            provider=self._provider,
            clock=self.ports.clock,
            place=self._place,
            requeue=self._requeue,
            conclude=self._conclude,
            withdraw=self._withdraw,
            durations=Durations(),
            stalled_after=self.settings.stalled_after,
            patience=self.settings.patience,
            outputs_announced=self.settings.outputs_announced,
        )

    def _attempt(self, work: Dispatch | Track) -> Attempt:
        return Attempt(
            jobs=self._jobs,
            clock=self.ports.clock,
            requeue=self._requeue,
            conclude=self._conclude,
            withdraw=self._withdraw,
            telemetry=self.telemetry,
            work=work,
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
    return Services(AzurePorts(settings, catalogue()), settings)


@cache
def gateway_trust() -> GatewayTrust:
    """Return the trusted gateway; the Functions host needs no other setting to index the app."""
    return GatewayTrust.from_environment(os.environ)
