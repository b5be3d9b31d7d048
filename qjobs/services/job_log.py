"""The job log: a structured line when a job is accepted and one when it ends.

The line is `qjobs.job ` and a JSON object, because the text of a line is all that the host passes
on to Application Insights. The queries in `infra/app/queries/` read it; dashboards and alerts are
made of them. It says nothing of a caller and nothing that a caller wrote.
"""

from __future__ import annotations

import json
import logging

from qjobs.domain.job import Job
from qjobs.domain.run import LastRun
from qjobs.domain.totals import Totals
from qjobs.domain.trace_context import trace_id

PREFIX = "qjobs.job "
_log = logging.getLogger(__name__)


def log_job(job: Job, last: LastRun | None = None) -> None:
    """Log the state of *job*; *last* is its last run, if that is known."""
    finished, target = job.finished_at, job.target
    totals = last.totals if last else None
    facts = {
        "id": job.id,
        "traceId": trace_id(job.trace_parent),
        "algorithm": job.algorithm,
        "status": job.status,
        "mode": job.requested_target.mode,
        "target": target.id if target else job.requested_target.id,
        "provider": target.provider if target else None,
        "shots": job.shots,
        "steps": job.step + 1 if target else 0,
        "waitSeconds": _seconds(job, totals),
        "totalSeconds": (finished - job.created_at).total_seconds() if finished else None,
        "circuits": totals.circuits if totals else None,
        "circuitShots": totals.shots if totals else None,
        "cost": job.cost.amount if job.cost else None,
        "currency": job.cost.currency if job.cost else None,
        "errorCode": job.error.code if job.error else None,
    }
    _log.info("%s%s", PREFIX, json.dumps(facts))


def _seconds(job: Job, totals: Totals | None) -> float | None:
    """Return the time from acceptance to the start of the computation."""
    began = totals.began if totals else None
    # The clocks are different machines'.
    return max(0.0, (began - job.created_at).total_seconds()) if began else None
