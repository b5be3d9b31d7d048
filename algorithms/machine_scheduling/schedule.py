"""The schedule as a document and as a Gantt chart."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.machine_scheduling.workshop import Workshop
from qjobs.domain.algorithm import JSONObject
from qjobs.drawing.gantt import Row, Task, gantt_chart


def schedule(workshop: Workshop, assignment: Sequence[int]) -> list[JSONObject]:
    """Return each machine with its jobs, one after the other in the order of the input."""
    machines: list[JSONObject] = [
        {"machine": name, "load": 0, "jobs": []} for name in workshop.machines
    ]
    for name, duration, place in zip(workshop.jobs, workshop.durations, assignment, strict=True):
        machine = machines[place]
        start = machine["load"]
        machine["load"] = start + duration
        machine["jobs"].append({"name": name, "start": start, "end": start + duration})
    return machines


def picture(machines: Sequence[JSONObject], makespan: int, best: float) -> str:
    """Return the schedule as an SVG document, with the least makespan possible."""
    rows = [
        Row(
            machine["machine"],
            [Task(job["name"], job["start"], job["end"]) for job in machine["jobs"]],
        )
        for machine in machines
    ]
    title = f"All jobs are done at {makespan:,}; the earliest possible is {best:,.0f}"
    return gantt_chart(title, "time", rows, (best, "earliest possible"))
