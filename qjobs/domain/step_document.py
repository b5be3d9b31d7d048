"""Documents of steps: every decision that precedes the submission of circuits, as it is stored."""

from __future__ import annotations

from dataclasses import asdict

from qjobs.domain.algorithm import JSONObject, Program, Progress
from qjobs.domain.execution import Execution, Part
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.plan import Plan
from qjobs.domain.run import Run, provider_ids
from qjobs.domain.target_choice import TargetChoice, choice_document, stored_choice
from qjobs.domain.totals import Totals

WITHDRAWN: JSONObject = {"withdrawn": True}
"""The document of a step that must not be placed any more, because its job has ended."""


def step_name(step: int) -> str:
    """Return the name of the document that stores a step."""
    return f"step-{step}"


def step_document(run: Run) -> JSONObject:
    """Return the stored form of a step: every decision that precedes the submission of circuits."""
    execution, plan = run.execution, run.plan
    return {
        "target": choice_document(execution.target),
        "options": execution.options,
        "parts": [asdict(part) for part in execution.parts],
        "session": execution.session,
        "before": execution.before.document,
        "state": plan.state,
        "shots": list(plan.shots),
        "progress": plan.progress and asdict(plan.progress),
        "best": plan.best,
        "programs": [
            {
                "format": program.format,
                "text": program.text,
                "entry_point": program.entry_point,
                **program.metrics(),
            }
            for program in plan.programs
        ],
    }


def stored_run(job: Job, job_input: JobInput, step: int, document: JSONObject) -> Run:
    """Return the run that `step_document` stored."""
    progress = document["progress"]
    plan = Plan(
        programs=tuple(Program(**program) for program in document["programs"]),
        state=document["state"],
        shots=tuple(document["shots"]),
        progress=progress and Progress(**progress),
        best=document["best"],
    )
    execution = Execution(
        target=stored_target(document),
        options=document["options"],
        parts=tuple(Part(**part) for part in document["parts"]),
        session=document["session"],
        before=Totals.of(document["before"]),
    )
    return Run(job, job_input, step, plan, execution)


def stored_ids(job: Job, step: int, document: JSONObject) -> list[str]:
    """Return the provider's ids of a stored step."""
    return provider_ids(job.id, step, len(document["parts"]))


def stored_target(document: JSONObject) -> TargetChoice:
    """Return the target of a stored step."""
    return stored_choice(document["target"])
