"""The report of outages of storage: their figures, and what no caller may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from qjobs.domain.job import Status
from tools.figures import Figure, Target
from tools.soak.prober import OPERATIONS, Answer
from tools.soak.state import State

_ANSWER = Target(5)


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
    """One outage, as callers saw it."""

    trouble: Trouble
    began: float
    """As of `time.time`."""
    ended: float
    hosts_ended: int
    answers: Sequence[Answer]
    """To requests that were sent and answered meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything after the last outage."""

    outages: Sequence[Outage]
    answers: Sequence[Answer]
    """All of them, those before and after the outages too."""
    accepted: frozenset[str]
    state: State
    settled: float
    """Seconds from the return of storage to the end of the last job."""

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of each outage, and of what followed."""
        for outage in self.outages:
            name, seconds = f"storage {outage.trouble}", outage.ended - outage.began
            slowest = max(answer.seconds for answer in outage.answers)
            yield Figure(f"{name}, seconds", seconds, "s")
            yield Figure(f"{name}, ends of the host", outage.hosts_ended, "")
            yield Figure(f"{name}, slowest answer", slowest, "s", None, _ANSWER)
        yield Figure("from the return of storage to the end of the last job", self.settled, "s")

    def counts(self) -> Iterator[str]:
        """Yield how often each operation was answered with each status, in each outage."""
        for outage in self.outages:
            for operation in OPERATIONS:
                found = Counter(one.status for one in outage.answers if one.operation == operation)
                told = ", ".join(f"{found[status]} x {status}" for status in sorted(found))
                yield f"storage {outage.trouble}: {operation}: {told or 'none'}"

    def wrong(self) -> Iterator[str]:
        """Yield what no caller may see, and every job that did not come to its end."""
        yield from self._wrong_answers()
        yield from self._wrong_jobs()

    def _wrong_answers(self) -> Iterator[str]:
        for outage in self.outages:
            for answer in outage.answers:
                if not answer.right:
                    yield f"{outage.trouble}: {answer}"
        for answer in self.answers:
            failed = answer.status == 0 or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            if failed and not answer.right:
                yield f"{answer}"

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
