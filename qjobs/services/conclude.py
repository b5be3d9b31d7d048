"""Bring a job to its end, once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.domain import times
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.domain.errors import QJobsError
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Plan, ProviderStatus
from qjobs.ports import Clock, Documents, JobStore, Stored
from qjobs.services.changes import change

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last step of a job ran, and what came out."""

    plan: Plan
    outcomes: Sequence[Counts]
    statuses: Sequence[ProviderStatus]


@dataclass(frozen=True, slots=True)
class Conclude:
    """End a job. A job that somebody else has ended meanwhile stays as it is."""

    jobs: JobStore
    documents: Documents
    clock: Clock

    async def succeed(self, stored: Stored, result: JSONObject, last: LastRun | None) -> Stored:
        """Store the result, then mark the job; *last* is None if nothing had to run."""
        job = stored.job
        document = self._document(job, result, last)
        await self.documents.put(job.owner, job.id, "result", document)

        def move(job: Job) -> Job | None:
            if job.final:
                return None
            now = self.clock.now()
            # A wish to cancel that came first wins, and the result is never shown.
            return job.canceled(now) if job.status is Status.CANCELING else job.succeeded(now)

        return self._logged(await change(self.jobs, stored, move))

    async def fail(self, stored: Stored, error: QJobsError) -> Stored:
        """Mark the job as failed for the reason that *error* gives."""
        return self._logged(
            await change(
                self.jobs,
                stored,
                lambda job: None if job.final else job.failed(self.clock.now(), error),
            )
        )

    async def cancel(self, stored: Stored, error: QJobsError | None = None) -> Stored:
        """Mark the job as canceled, by its caller or, with *error*, at its deadline."""
        return self._logged(
            await change(
                self.jobs,
                stored,
                lambda job: None if job.final else job.canceled(self.clock.now(), error),
            )
        )

    def _logged(self, stored: Stored) -> Stored:
        job = stored.job
        _log.info("Job %s: %s", job.id, job.status, extra={"action": "job_concluded"})
        return stored

    def _document(self, job: Job, result: JSONObject, last: LastRun | None) -> JSONObject:
        target = job.target
        return {
            "id": job.id,
            "status": "Succeeded",
            "algorithm": job.algorithm,
            "result": result,
            "counts": [dict(counts.readings) for counts in last.outcomes] if last else [],
            "provenance": {
                "target": {"id": target.id, "provider": target.provider, "mode": target.mode}
                if target
                else None,
                "shots": job.shots,
                "seed": job.seed,
                "steps": job.step + 1 if last else 0,
                "circuits": [program.metrics() for program in last.plan.programs] if last else [],
                "createdAt": times.to_text(job.created_at),
                "finishedAt": times.to_text(self.clock.now()),
                **(_provider_facts(last.statuses) if last else {}),
            },
        }


def _provider_facts(statuses: Sequence[ProviderStatus]) -> JSONObject:
    began = [status.began for status in statuses if status.began]
    ended = [status.ended for status in statuses if status.ended]
    costs = [status.cost for status in statuses if status.cost is not None]
    return {
        "executionBeganAt": times.to_text(min(began)) if began else None,
        "executionEndedAt": times.to_text(max(ended)) if ended else None,
        "cost": {"amount": sum(costs), "currency": statuses[0].currency} if costs else None,
    }
