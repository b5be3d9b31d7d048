"""A run: one step of a job with its circuits, its target and the options of their execution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.identifiers import circuit_seed, provider_job_id
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.options import merged
from qjobs.domain.plan import Plan, Program, ProviderJob, ProviderStatus
from qjobs.domain.target_choice import TargetChoice, choice_document, stored_choice

WITHDRAWN: JSONObject = {"withdrawn": True}
"""The document of a step that must not be placed any more, because its job has ended."""


@dataclass(frozen=True, slots=True)
class Execution:
    """The options of execution of a step's circuits, decided once and stored with them."""

    target: TargetChoice
    shots: int
    options: JSONObject
    """Passed on to the provider."""
    seeds: tuple[int | None, ...]
    """One per circuit."""

    @classmethod
    def decide(
        cls, job: Job, job_input: JobInput, target: TargetChoice, step: int, plan: Plan
    ) -> Execution:
        """Return the execution of a job's step at a target.

        Its caller's options win over those that ask a simulator for the noise of a device: then it
        has that noise no more.
        """
        circuits = range(len(plan.programs))
        seeds = [
            None if job.seed is None else circuit_seed(job.seed, step, index) for index in circuits
        ]
        options = merged(target.options, job_input.options)
        if merged(options, target.options) != options:
            target = replace(target, device=None)
        return cls(target, job.shots, options, tuple(seeds))


@dataclass(frozen=True, slots=True)
class Run:
    """One step of a job on its target."""

    job: Job
    """Its id and owner never change; of its state this is an earlier version."""
    job_input: JobInput
    step: int
    plan: Plan
    execution: Execution

    @property
    def target(self) -> TargetChoice:
        """The target of the step."""
        return self.execution.target

    @property
    def inputs(self) -> Inputs:
        """The job's input in the form that algorithms get."""
        return self.job_input.inputs(self.job)

    @property
    def ids(self) -> list[str]:
        """The provider's job ids, one per program."""
        return provider_ids(self.job.id, self.step, len(self.plan.programs))

    def provider_jobs(self) -> list[ProviderJob]:
        """Return the provider's jobs, one per program, with all that the caller asked for."""
        target = self.target
        return [
            ProviderJob(
                id=provider_id,
                name=self.job.title,
                target=target.id,
                provider=target.provider,
                program=program,
                shots=self.execution.shots,
                seed=seed,
                options=self.execution.options,
                trace_parent=self.job.trace_parent,
            )
            for provider_id, program, seed in zip(
                self.ids, self.plan.programs, self.execution.seeds, strict=True
            )
        ]

    def following(self, plan: Plan) -> Run:
        """Return the next step, which runs where this one did."""
        step, target = self.step + 1, self.target
        execution = Execution.decide(self.job, self.job_input, target, step, plan)
        return replace(self, step=step, plan=plan, execution=execution)


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


def provider_ids(job_id: str, step: int, circuits: int) -> list[str]:
    """Return the ids of a step's circuits at the provider."""
    return [provider_job_id(job_id, step, index) for index in range(circuits)]


def step_name(step: int) -> str:
    """Return the name of the document that stores a step."""
    return f"step-{step}"


def step_document(run: Run) -> JSONObject:
    """Return the stored form of a step: every decision that precedes the submission of circuits."""
    execution = run.execution
    return {
        "target": choice_document(execution.target),
        "shots": execution.shots,
        "options": execution.options,
        "seeds": list(execution.seeds),
        "state": run.plan.state,
        "programs": [
            {"format": program.format, "text": program.text, **program.metrics()}
            for program in run.plan.programs
        ],
    }


def stored_run(job: Job, job_input: JobInput, step: int, document: JSONObject) -> Run:
    """Return the run that `step_document` stored."""
    programs = tuple(Program(**program) for program in document["programs"])
    execution = Execution(
        stored_target(document), document["shots"], document["options"], tuple(document["seeds"])
    )
    return Run(job, job_input, step, Plan(programs, document["state"]), execution)


def stored_target(document: JSONObject) -> TargetChoice:
    """Return the target of a stored step."""
    return stored_choice(document["target"])
