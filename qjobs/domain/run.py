"""One step of a job: the circuits that are, or are about to be, at the provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.plan import Plan, Program, ProviderStatus
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


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last step of a job ran, and what came out."""

    run: Run
    outcomes: Sequence[Counts]
    statuses: Sequence[ProviderStatus]

    @property
    def began(self) -> datetime | None:
        """When the first of its circuits was begun, if the provider says so."""
        return min((status.began for status in self.statuses if status.began), default=None)

    @property
    def ended(self) -> datetime | None:
        """When the last of them was done."""
        return max((status.ended for status in self.statuses if status.ended), default=None)

    @property
    def cost(self) -> float | None:
        """What all of them cost; None if the provider says nothing."""
        costs = [status.cost for status in self.statuses if status.cost is not None]
        return sum(costs) if costs else None

    @property
    def currency(self) -> str | None:
        """What the cost is in."""
        return next((status.currency for status in self.statuses if status.currency), None)


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
