"""The report of a run: its figures, the broken rules, the faults and disturbances."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from qjobs.domain.job import Job
from tools.figures import p95
from tools.soak.audit import RULES
from tools.soak.plot import Mark, Point
from tools.soak.run import Outcome
from tools.soak.schedule import RESTARTS

_FEW = 2
"""Values that have no percentiles."""


def latency(job: Job) -> float | None:
    """Return the seconds from the acceptance of a job to its end; None if it has not ended."""
    return (job.finished_at - job.created_at).total_seconds() if job.finished_at else None


def points(outcome: Outcome) -> list[Point]:
    """Return when each job was accepted, how long it took, and how it ended."""
    jobs = [record.job for record in outcome.state.records.values()]
    return [
        Point(job.created_at.timestamp() - outcome.began, seconds, job.status)
        for job in jobs
        if (seconds := latency(job)) is not None
    ]


def marks(outcome: Outcome) -> list[Mark]:
    """Return when each process was ended, and until when it was away."""
    return [
        Mark(done.began - outcome.began, done.ended - outcome.began, done.kind)
        for done in outcome.disturbances
        if done.kind in RESTARTS
    ]


def lines(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of the report."""
    plan, jobs = outcome.plan, [record.job for record in outcome.state.records.values()]
    yield f"seed {plan.seed}, {plan.jobs} jobs submitted in {plan.seconds:.0f} s"
    yield ""
    ends = Counter(str(job.status) for job in jobs)
    accepted = sum(bool(entry.ids) for entry in outcome.journal)
    yield from _table(
        "jobs",
        {
            "submissions": len(outcome.journal),
            "accepted, as their callers know": accepted,
            "records": len(jobs),
            **{name: ends[name] for name in sorted(ends)},
            "jobs at the provider": len(outcome.state.provider_jobs),
        },
    )
    found = Counter(finding.rule for finding in outcome.findings)
    yield from _table("rules broken", {rule: found[rule] for rule in RULES})
    yield from _table("seconds from acceptance to the end", _latencies(jobs))
    yield from _table(
        "done to the stack",
        Counter(str(done.kind) for done in outcome.disturbances)
        + outcome.messages
        + Counter({"ends of hosts by themselves": outcome.ends}),
    )
    yield from _table("requests that met a fault", dict(sorted(outcome.faults.items())))
    yield from _table(
        "afterwards",
        {
            "seconds after the last fault": round(outcome.drained, 1),
            "messages under a lease": sum(
                queue.total - len(queue.visible) for queue in outcome.state.queues
            ),
            "programs without a provider job": _unused(outcome),
        },
    )
    for finding in outcome.findings:
        yield f"{finding.rule}: {finding.subject}: {finding.detail}"
    yield f"{len(outcome.findings)} findings" if outcome.findings else "every rule was kept"


def _latencies(jobs: Sequence[Job]) -> dict[str, float]:
    took = [seconds for job in jobs if (seconds := latency(job)) is not None]
    if len(took) < _FEW:
        return {}
    return {
        "median": round(statistics.median(took), 2),
        "95th percentile": round(p95(took), 2),
        "longest": round(max(took), 2),
    }


def _unused(outcome: Outcome) -> int:
    """Count programs that were uploaded for a job that ended before they were placed."""
    placed = {job.id for job in outcome.state.provider_jobs}
    return len(outcome.state.inputs - placed)


def _table(title: str, rows: dict[str, float] | dict[str, int] | Counter[str]) -> Iterator[str]:
    yield title
    for name, value in rows.items():
        yield f"  {name:<50} {value:>8}"
    yield ""
