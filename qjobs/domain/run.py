"""A run: one step of a job with its circuits, which are, or are about to be, at the provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.identifiers import circuit_seed, provider_job_id
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.plan import Plan, Program, ProviderJob, ProviderStatus
from qjobs.domain.target import TargetChoice


@dataclass(frozen=True, slots=True)
class Run:
    """One step of a job on its target."""

    job: Job
    """Its id, owner, shots and seed never change; of its state this is an earlier version."""
    job_input: JobInput
    target: TargetChoice
    step: int
    plan: Plan

    @property
    def inputs(self) -> Inputs:
        """The job's input in the form that algorithms get."""
        return self.job_input.inputs(self.job)

    @property
    def ids(self) -> list[str]:
        """The provider's job ids, one per program."""
        return [
            provider_job_id(self.job.id, self.step, index)
            for index in range(len(self.plan.programs))
        ]

    def provider_jobs(self) -> list[ProviderJob]:
        """Return the provider's jobs, one per program, with all that the caller asked for."""
        job, target = self.job, self.target
        return [
            ProviderJob(
                id=provider_id,
                name=job.title,
                target=target.id,
                provider=target.provider,
                program=program,
                shots=job.shots,
                seed=None if job.seed is None else circuit_seed(job.seed, self.step, index),
                options=self.job_input.options,
                trace_parent=self.job_input.trace_parent,
            )
            for index, (provider_id, program) in enumerate(
                zip(self.ids, self.plan.programs, strict=True)
            )
        ]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a job, with its counts and the final status of each provider job."""

    run: Run
    outcomes: Sequence[Counts]
    statuses: Sequence[ProviderStatus]

    @property
    def began(self) -> datetime | None:
        """When the first of its circuits began, if the provider says so."""
        return min((status.began for status in self.statuses if status.began), default=None)

    @property
    def ended(self) -> datetime | None:
        """When the last of its circuits ended, if the provider says so."""
        return max((status.ended for status in self.statuses if status.ended), default=None)

    @property
    def cost(self) -> float | None:
        """The cost of all circuits; None if the provider does not say."""
        costs = [status.cost for status in self.statuses if status.cost is not None]
        return sum(costs) if costs else None

    @property
    def currency(self) -> str | None:
        """The currency of the cost."""
        return next((status.currency for status in self.statuses if status.currency), None)


def step_name(step: int) -> str:
    """Return the name of the document that stores a step."""
    return f"step-{step}"


def step_document(plan: Plan) -> JSONObject:
    """Return the stored form of a step, so that no retry has to compute it again."""
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
