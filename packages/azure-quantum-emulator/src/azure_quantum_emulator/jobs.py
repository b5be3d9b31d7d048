"""Jobs: programs that were submitted to a target, with their status and result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from azure_quantum_emulator import lifecycle
from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.storage import BlobName


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
    modified: int | None
    """None in old jobs of seeds."""
    priority: str = "Standard"
    session_id: str | None = None
    status: Status = Status.WAITING
    due: int | None = None
    """When its time in the target's queue is over, if it has to wait for that."""
    job_type: str = "QuantumComputing"
    sent: bool = False
    """Whether the provider has it."""
    begun: int | None = None
    ended: int | None = None
    cancelled: int | None = None
    error: JobError | None = None
    output: str = "outputData"
    """The name of the blob in its container that its output goes to."""
    cost: Mapping[str, Any] | None = None
    """The `costEstimate` of the service."""
    given: Mapping[str, Any] | None = None
    """What the seed says that it comes from, if it was not submitted; such a job is not run."""

    @property
    def output_blob(self) -> BlobName:
        """The blob of its output."""
        return BlobName(self.container, self.output)

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
                return replace(job, begun=now, sent=True)
            case Status.CANCELLED:
                return replace(job, ended=now, cancelled=now)
            case Status.FINISHING:  # the provider is done, the service is not
                return replace(job, ended=now)
            case Status.SUCCEEDED | Status.FAILED:
                return replace(job, ended=job.ended or now)
            case _:
                return job

    def again(self) -> Job:
        """Return the job as it is taken up again after the emulator was stopped in the middle."""
        return replace(self, status=Status.WAITING, begun=None)
