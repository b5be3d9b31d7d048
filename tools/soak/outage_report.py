"""The report of outages of storage: their figures, wrong responses, and jobs that did not end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from qjobs.domain.job import Status
from tools.figures import Figure, Target
from tools.soak.prober import OPERATIONS, Response
from tools.soak.state import State

_SECONDS = Target(5)


class Trouble(StrEnum):
    """A way in which storage is away."""

    STOPPED = "stopped"
    """Connections are refused: a host ends after 25 seconds."""
    FORBIDDEN = "forbidden"
    """Every request is answered with 403: a host ends at once, and as soon as it starts."""
    SILENT = "silent"
    """Nothing is answered: a host waits."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage."""

    trouble: Trouble
    began: float
    """As of `time.time`."""
    ended: float
    hosts_ended: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything after the last outage."""

    outages: Sequence[Outage]
    responses: Sequence[Response]
    """Those before and after the outages too."""
    accepted: frozenset[str]
    state: State
    settled: float
    """Seconds from the return of storage to the end of the last job."""

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of each outage, and of what followed."""
        for outage in self.outages:
            name, seconds = f"storage {outage.trouble}", outage.ended - outage.began
            sent = [one for one in self.responses if outage.began <= one.sent <= outage.ended]
            slowest = max(response.seconds for response in sent)
            yield Figure(f"{name}, seconds", seconds, "s")
            yield Figure(f"{name}, ends of the host", outage.hosts_ended, "")
            yield Figure(f"{name}, slowest response", slowest, "s", None, _SECONDS)
        yield Figure("from the return of storage to the end of the last job", self.settled, "s")

    def during(self, outage: Outage) -> Sequence[Response]:
        """Return the responses to requests that were sent and answered during an outage."""
        return [
            one
            for one in self.responses
            if outage.began <= one.sent and one.sent + one.seconds <= outage.ended
        ]

    def counts(self) -> Iterator[str]:
        """Yield how often each operation was answered with each status, in each outage."""
        for outage in self.outages:
            responses = self.during(outage)
            for operation in OPERATIONS:
                found = Counter(one.status for one in responses if one.operation == operation)
                told = ", ".join(f"{found[status]} x {status}" for status in sorted(found))
                yield f"storage {outage.trouble}: {operation}: {told or 'none'}"

    def wrong(self) -> Iterator[str]:
        """Yield the responses that no caller may see, and jobs that did not come to their end."""
        yield from self._wrong_responses()
        yield from self._wrong_jobs()

    def _wrong_responses(self) -> Iterator[str]:
        for outage in self.outages:
            for response in self.during(outage):
                if not response.right:
                    yield f"{outage.trouble}: {response}"
        for response in self.responses:
            failed = response.status == 0 or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            if failed and not response.right:
                yield f"{response}"

    def _wrong_jobs(self) -> Iterator[str]:
        for job_id in self.accepted - self.state.records.keys():
            yield f"job {job_id} was accepted, and is lost"
        placed = Counter(one.id for one in self.state.provider_jobs)
        for job_id, record in self.state.records.items():
            job = record.job
            if job.status is not Status.SUCCEEDED:
                yield f"job {job_id} is {job.status}: {job.error}"
            elif any(placed[one] != 1 for one in self.state.circuits(job_id)):
                yield f"job {job_id}: its circuits are not at the provider once each"
        if placed.total() != sum(len(self.state.circuits(one)) for one in self.state.records):
            yield "there are jobs at the provider that are none of ours"
