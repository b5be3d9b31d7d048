"""The end of a job: succeeded, failed or canceled, exactly once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import QJobsError
from qjobs.domain.job import Job, Status
from qjobs.domain.run import LastRun, Run
from qjobs.ports import Clock, JobStore, Stored
from qjobs.services.changes import save_change
from qjobs.services.job_log import log_job
from qjobs.services.outcome import Outcome
from qjobs.services.signals import Signals
from qjobs.telemetry import ENDED_JOBS, Attributes, Span, Telemetry


@dataclass(frozen=True, slots=True)
class Conclude:
    """End a job. One that has ended meanwhile stays as it is."""

    jobs: JobStore
    clock: Clock
    signals: Signals
    stalled_after: timedelta
    telemetry: Telemetry

    async def succeed(
        self,
        stored: Stored,
        result: JSONObject,
        last: LastRun | None,
        *,
        ended_early: str | None = None,
        withdrawn: bool = True,
    ) -> Stored:
        """Store the result and mark the job.

        Args:
            stored: the job as last seen
            result: of the algorithm
            last: the last step; None if nothing had to run
            ended_early: why the job ends before its algorithm was ready; None if it was
            withdrawn: whether nothing of it is left at the provider; else it stays due

        """
        document = _document(stored.job, result, last, self.clock.now(), ended_early)
        run = last.run if last else None
        due = None if withdrawn else self.clock.now() + self.stalled_after
        return await self._end(
            stored, run, lambda job, now: job.succeeded(now, due), document, last, due=due
        )

    async def fail(self, stored: Stored, error: QJobsError, run: Run | None = None) -> Stored:
        """Mark the job as failed for the reason that *error* gives, while *run* was running.

        It stays due: the caller of this withdraws it next.
        """
        due = self.clock.now() + self.stalled_after
        return await self._end(stored, run, lambda job, now: job.failed(now, error, due), due=due)

    async def cancel(
        self,
        stored: Stored,
        error: QJobsError | None = None,
        run: Run | None = None,
        *,
        withdrawn: bool,
    ) -> Stored:
        """Mark the job as canceled, by its caller or, with *error*, at its deadline.

        Unless it is *withdrawn* it stays due: the caller of this looks at the provider again.
        """
        due = None if withdrawn else self.clock.now() + self.stalled_after
        return await self._end(stored, run, lambda job, now: job.canceled(now, error, due), due=due)

    async def _end(  # noqa: PLR0913 - what a job can end with
        self,
        stored: Stored,
        run: Run | None,
        ending: Callable[[Job, datetime], Job],
        result: JSONObject | None = None,
        last: LastRun | None = None,
        *,
        due: datetime | None = None,
    ) -> Stored:
        ended_here = False

        def move(job: Job) -> Job | None:
            nonlocal ended_here
            ended_here = not job.final
            if job.final:
                return None
            now = self.clock.now()
            if run is not None:
                statuses = last.statuses if last else ()
                job = job.with_step(now, run.placement(statuses))
            if job.status is Status.CANCELING:
                # A cancellation that came first wins over whatever happened since.
                return job.canceled(now, due=due)
            return ending(job, now)

        with self._span(stored.job) as span:
            ended = await save_change(self.jobs, stored, move, result)
            failure = ended.job.error.code if ended.job.error else None
            outcome: Attributes = {"qjobs.job.status": ended.job.status, "error.type": failure}
            span.set(outcome)
        shown = result if ended.job.status is Status.SUCCEEDED else None
        self.signals.ended(Outcome(ended.job, shown if ended_here else None))
        if ended_here:
            self.telemetry.record(ENDED_JOBS, 1, outcome)
            log_job(ended.job, last)
        return ended

    def _span(self, job: Job) -> AbstractContextManager[Span]:
        return self.telemetry.span("end", {"qjobs.job.id": job.id})


def _document(
    job: Job, result: JSONObject, last: LastRun | None, now: datetime, ended_early: str | None
) -> JSONObject:
    return {
        "result": result,
        "counts": [dict(counts.readings) for counts in last.outcomes] if last else [],
        "provenance": {
            "shots": job.shots,
            "seed": job.seed,
            "createdAt": times.to_text(job.created_at),
            "finishedAt": times.to_text(now),
            **(_run_facts(last) if last else _NOTHING_RAN),
            "endedEarly": ended_early,
        },
    }


_NOTHING_RAN: JSONObject = {
    "target": None,
    "steps": 0,
    "circuits": [],
    "totals": {"circuits": 0, "shots": 0, "gates": {}},
    "executionBeganAt": None,
    "executionEndedAt": None,
    "cost": None,
}


def _run_facts(last: LastRun) -> JSONObject:
    run, target, totals = last.run, last.run.target, last.totals
    return {
        "target": {
            "id": target.id,
            "provider": target.provider,
            "mode": target.mode,
            "device": target.device,
        },
        "steps": totals.steps,
        "circuits": [program.metrics() for program in run.plan.programs],
        "totals": {
            "circuits": totals.circuits,
            "shots": totals.shots,
            "gates": totals.gates,
        },
        "executionBeganAt": times.to_text_or_none(totals.began),
        "executionEndedAt": times.to_text_or_none(last.ended),
        "cost": None
        if totals.cost is None
        else {"amount": totals.cost, "currency": totals.currency},
    }
