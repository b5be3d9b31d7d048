"""Bring a job to its end, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qjobs.domain import times
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.domain.errors import QJobsError
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import ProviderStatus
from qjobs.domain.run import Run
from qjobs.ports import Clock, JobStore, Stored
from qjobs.services.changes import change
from qjobs.services.signals import Signals

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last step of a job ran, and what came out."""

    run: Run
    outcomes: Sequence[Counts]
    statuses: Sequence[ProviderStatus]


@dataclass(frozen=True, slots=True)
class Conclude:
    """End a job. A job that somebody else has ended meanwhile stays as it is."""

    jobs: JobStore
    clock: Clock
    signals: Signals

    async def succeed(self, stored: Stored, result: JSONObject, last: LastRun | None) -> Stored:
        """Store the result and mark the job; *last* is None if nothing had to run."""
        document = _document(stored.job, result, last, self.clock.now())
        run = last.run if last else None
        return await self._end(stored, run, lambda job, now: job.succeeded(now), document)

    async def fail(self, stored: Stored, error: QJobsError, run: Run | None = None) -> Stored:
        """Mark the job as failed for the reason that *error* gives, while *run* was running."""
        return await self._end(stored, run, lambda job, now: job.failed(now, error))

    async def cancel(
        self, stored: Stored, error: QJobsError | None = None, run: Run | None = None
    ) -> Stored:
        """Mark the job as canceled, by its caller or, with *error*, at its deadline."""
        return await self._end(stored, run, lambda job, now: job.canceled(now, error))

    async def _end(
        self,
        stored: Stored,
        run: Run | None,
        ending: Callable[[Job, datetime], Job],
        result: JSONObject | None = None,
    ) -> Stored:
        def move(job: Job) -> Job | None:
            if job.final:
                return None
            if run is not None:
                job = job.ran(run.target, run.step, len(run.plan.programs))
            now = self.clock.now()
            # A wish to cancel that came first wins over whatever happened since.
            return job.canceled(now) if job.status is Status.CANCELING else ending(job, now)

        return self._announced(await change(self.jobs, stored, move, result))

    def _announced(self, stored: Stored) -> Stored:
        job = stored.job
        self.signals.ended(job.id)
        _log.info("Job %s: %s", job.id, job.status, extra={"action": "job_concluded"})
        return stored


def _document(job: Job, result: JSONObject, last: LastRun | None, now: datetime) -> JSONObject:
    return {
        "id": job.id,
        "status": Status.SUCCEEDED,
        "algorithm": job.algorithm,
        "result": result,
        "counts": [dict(counts.readings) for counts in last.outcomes] if last else [],
        "provenance": {
            "shots": job.shots,
            "seed": job.seed,
            "createdAt": times.to_text(job.created_at),
            "finishedAt": times.to_text(now),
            **(_run_facts(last) if last else _NOTHING_RAN),
        },
    }


_NOTHING_RAN: JSONObject = {
    "target": None,
    "steps": 0,
    "circuits": [],
    "executionBeganAt": None,
    "executionEndedAt": None,
    "cost": None,
}


def _run_facts(last: LastRun) -> JSONObject:
    run, target = last.run, last.run.target
    began = [status.began for status in last.statuses if status.began]
    ended = [status.ended for status in last.statuses if status.ended]
    costs = [status.cost for status in last.statuses if status.cost is not None]
    return {
        "target": {"id": target.id, "provider": target.provider, "mode": target.mode},
        "steps": run.step + 1,
        "circuits": [program.metrics() for program in run.plan.programs],
        "executionBeganAt": times.to_text(min(began)) if began else None,
        "executionEndedAt": times.to_text(max(ended)) if ended else None,
        "cost": {"amount": sum(costs), "currency": last.statuses[0].currency} if costs else None,
    }
