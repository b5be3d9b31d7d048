"""Events of a job, for callers that are told instead of asking: CloudEvents 1.0, metadata alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.identifiers import event_id
from qjobs.domain.job import Job, Status


class EventType(StrEnum):
    """The types of event."""

    SUBMITTED = "qjobs.job.submitted"
    """The circuits of the first step are at the provider."""
    RUNNING = "qjobs.job.running"
    PROGRESSED = "qjobs.job.progressed"
    """A later step of an iteration runs."""
    SUCCEEDED = "qjobs.job.succeeded"
    FAILED = "qjobs.job.failed"
    CANCELED = "qjobs.job.canceled"


ENDINGS = frozenset({EventType.SUCCEEDED, EventType.FAILED, EventType.CANCELED})
_TYPES = {
    Status.SUBMITTED: EventType.SUBMITTED,
    Status.RUNNING: EventType.RUNNING,
    Status.SUCCEEDED: EventType.SUCCEEDED,
    Status.FAILED: EventType.FAILED,
    Status.CANCELED: EventType.CANCELED,
}


@dataclass(frozen=True, slots=True)
class JobEvent:
    """A change of a job: sent at least once, in no promised order; the record is the truth."""

    type: EventType
    owner: str
    job_id: str
    algorithm: str
    step: int
    at: datetime
    webhooks: tuple[str, ...] | None = None
    """The webhooks that may be told; None is all."""
    trace_parent: str | None = None
    """W3C trace context of the job."""

    @classmethod
    def of(cls, job: Job) -> JobEvent | None:
        """Return the event that the record of a job stands for; None before there is one."""
        kind = _TYPES.get(job.status)
        if kind is None:
            return None
        if kind is EventType.RUNNING and job.step:
            kind = EventType.PROGRESSED
        return cls(
            kind,
            job.owner,
            job.id,
            job.algorithm,
            job.step,
            job.updated_at,
            job.webhooks,
            job.trace_parent,
        )

    @property
    def id(self) -> str:
        """The same for each repetition, so that receivers can drop it."""
        step = self.step if self.type is EventType.PROGRESSED else 0
        return event_id(self.job_id, self.type, step)

    def document(self, source: str, links: JSONObject | None = None) -> JSONObject:
        """Return the event in the JSON format of CloudEvents (1.0.2, section 3).

        Args:
            source: URI of the API, or a relative reference where its address is not known
            links: `self` and `result` of the job, where the address is known

        """
        data: JSONObject = {
            "jobId": self.job_id,
            "algorithm": self.algorithm,
            "status": self.type.rpartition(".")[2].capitalize(),
        }
        if self.type is EventType.PROGRESSED:
            data |= {"status": Status.RUNNING.value, "iteration": self.step + 1}
        if links:
            data["links"] = links
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": source,
            "type": self.type.value,
            "subject": f"jobs/{self.job_id}",
            "time": times.to_text(self.at),
            "datacontenttype": "application/json",
            "data": data,
        }
