"""One step of a job: the circuits that are, or are about to be, at the provider."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Inputs, JSONObject
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.plan import Plan, Program
from qjobs.domain.target import TargetChoice


@dataclass(frozen=True, slots=True)
class Run:
    """What it takes to place, follow and resume one step."""

    job_id: str
    step: int
    target: TargetChoice
    inputs: Inputs
    options: JSONObject
    """Passed on to the provider."""
    plan: Plan
    trace_parent: str | None = None
    """W3C trace context of the request that started the job."""

    @property
    def ids(self) -> list[str]:
        """The provider's job ids, one per program."""
        return [
            provider_job_id(self.job_id, self.step, index)
            for index in range(len(self.plan.programs))
        ]


def step_name(step: int) -> str:
    """Return the name of the document that keeps a step."""
    return f"step-{step}"


def step_document(plan: Plan) -> JSONObject:
    """Return what is stored of a step, so that no retry has to compute it again."""
    return {
        "state": plan.state,
        "programs": [
            {"format": program.format, "text": program.text, **program.metrics()}
            for program in plan.programs
        ],
    }


def plan_of(document: JSONObject) -> Plan:
    """Return the plan that `step_document` stored."""
    return Plan(tuple(Program(**program) for program in document["programs"]), document["state"])
