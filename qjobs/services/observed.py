"""Ports with a span for each call: provider, algorithms and queues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.errors import QJobsError
from qjobs.domain.heartbeat import Heartbeat
from qjobs.domain.messages import Message, Queue
from qjobs.domain.plan import Plan, ProviderJob, ProviderStatus
from qjobs.domain.target import Target
from qjobs.ports import AlgorithmRunner, QuantumProvider, Receipt, WorkQueue
from qjobs.telemetry import PROVIDER_ERRORS, Attributes, Kind, Span, Telemetry, error_type


@dataclass(frozen=True, slots=True)
class ObservedProvider:
    """A `QuantumProvider` of which each call is a span, and each error is counted by its kind."""

    provider: QuantumProvider
    telemetry: Telemetry

    async def targets(self) -> Sequence[Target]:
        """Return the targets of the workspace."""
        with self._call("targets"):
            return await self.provider.targets()

    async def submit(self, job: ProviderJob) -> None:
        """Run a job under its id."""
        with self._call("submit", job.target, job.id):
            await self.provider.submit(job)

    async def status(self, target: str, provider_job_id: str) -> ProviderStatus:
        """Return the status of a provider job."""
        with self._call("status", target, provider_job_id) as span:
            status = await self.provider.status(target, provider_job_id)
            span.set({"qjobs.provider.job.status": status.phase})
            return status

    async def counts(self, target: str, provider_job_id: str) -> Counts:
        """Return the counts of a provider job that succeeded."""
        with self._call("counts", target, provider_job_id):
            return await self.provider.counts(target, provider_job_id)

    async def open_session(self, target: str, session_id: str, name: str) -> None:
        """Open a session for jobs at a target."""
        with self._call("open session", target):
            await self.provider.open_session(target, session_id, name)

    async def close_session(self, target: str, session_id: str) -> None:
        """Close a session."""
        with self._call("close session", target):
            await self.provider.close_session(target, session_id)

    async def cancel(self, target: str, provider_job_id: str) -> ProviderStatus | None:
        """Ask for a job to stop."""
        with self._call("cancel", target, provider_job_id) as span:
            status = await self.provider.cancel(target, provider_job_id)
            span.set({"qjobs.provider.job.status": status.phase if status else "unknown"})
            return status

    @contextmanager
    def _call(self, method: str, target: str = "", job: str | None = None) -> Iterator[Span]:
        about: Attributes = {
            "rpc.system": "azure-quantum",
            "rpc.method": method,
            "qjobs.target.id": target or None,
            "qjobs.provider.job.id": job,
        }
        try:
            with self.telemetry.span(f"provider {method}", about, kind=Kind.CLIENT) as span:
                yield span
        except QJobsError as error:
            kind = {"error.type": error_type(error), "qjobs.target.id": target or None}
            self.telemetry.record(PROVIDER_ERRORS, 1, kind)
            raise


@dataclass(frozen=True, slots=True)
class ObservedAlgorithms:
    """An `AlgorithmRunner` of which each step is a span."""

    algorithms: AlgorithmRunner
    telemetry: Telemetry

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered."""
        with self.telemetry.span("algorithm start", {"qjobs.algorithm.id": algorithm}):
            return await self.algorithms.start(algorithm, inputs)

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered."""
        with self.telemetry.span("algorithm resume", {"qjobs.algorithm.id": algorithm}):
            return await self.algorithms.resume(algorithm, inputs, state, outcomes)


@dataclass(frozen=True, slots=True)
class ObservedQueue:
    """A `WorkQueue` of which each message that is sent for a job is a span."""

    queue: WorkQueue
    telemetry: Telemetry

    async def send(
        self, message: Message | DeliveryMessage | Heartbeat, delay: float = 0.0
    ) -> Receipt:
        """Queue a message that becomes visible after *delay* seconds."""
        if isinstance(message, Heartbeat):
            return await self.queue.send(message, delay)
        about: Attributes = {
            "messaging.system": "azure_storage_queue",
            "messaging.destination.name": message.queue,
            "messaging.operation.name": "send",
            "qjobs.job.id": message.job_id,
            "qjobs.message.delay": delay,
        }
        with self.telemetry.span(f"send {message.queue}", about, kind=Kind.PRODUCER):
            return await self.queue.send(message, delay)

    async def hide(self, receipt: Receipt, delay: float) -> Receipt | None:
        """Keep a message that was sent here hidden for *delay* seconds from now."""
        return await self.queue.hide(receipt, delay)

    async def delete(self, receipt: Receipt) -> None:
        """Take back a message that was sent here, unless it has been handed out since."""
        await self.queue.delete(receipt)

    async def oldest(self, queue: Queue) -> datetime | None:
        """Return when the message at the head of a queue was sent; None if none is visible."""
        return await self.queue.oldest(queue)
