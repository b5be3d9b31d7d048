"""A run: one step of a job with its circuits and their execution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from qjobs.domain.algorithm import Counts, Inputs, Program
from qjobs.domain.execution import Execution
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Job, Placement
from qjobs.domain.job_input import JobInput
from qjobs.domain.money import Money
from qjobs.domain.options import mitigates_errors
from qjobs.domain.output_event import Origin
from qjobs.domain.plan import Plan, ProviderJob, ProviderStatus
from qjobs.domain.price import Cost, cost_of
from qjobs.domain.target_choice import TargetChoice
from qjobs.domain.totals import Totals

_IN_PLACE = 2
"""Seconds of a queue that a process may wait in place."""


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
        return self.job_input.inputs(self.job, self.target.facts)

    @property
    def ids(self) -> list[str]:
        """The provider's job ids, one for each part."""
        return provider_ids(self.job.id, self.step, len(self.execution.parts))

    @property
    def circuits(self) -> int:
        """The number of circuits at the provider: of its jobs."""
        return len(self.execution.parts)

    def provider_jobs(self) -> list[ProviderJob]:
        """Return the provider's jobs, one for each part, with all that the caller asked for."""
        target = self.target
        return [
            ProviderJob(
                id=provider_id,
                name=self.job.title,
                target=target.id,
                provider=target.provider,
                program=self.plan.programs[part.circuit],
                shots=part.shots,
                seed=part.seed,
                options=self.execution.options,
                session=self.execution.session,
                trace_parent=self.job.trace_parent,
                origin=Origin(self.job.owner, self.job.id, index) if self.awaited else None,
            )
            for index, (provider_id, part) in enumerate(
                zip(self.ids, self.execution.parts, strict=True)
            )
        ]

    @property
    def awaited(self) -> bool:
        """Whether it waits at the provider so long that no process waits for it in place."""
        return self.target.queue_seconds > _IN_PLACE

    def outcomes(self, counts: Sequence[Counts]) -> list[Counts]:
        """Return the counts of each circuit, of the *counts* of each part."""
        pairs = zip(self.execution.parts, counts, strict=True)
        of_circuits = groupby(pairs, key=lambda pair: pair[0].circuit)
        return [_added([one for _, one in group]) for _, group in of_circuits]

    def totals(self, statuses: Sequence[ProviderStatus] = ()) -> Totals:
        """Return the totals of the job with this step, as the provider's *statuses* have them."""
        return self.execution.before.with_step(self._runs, statuses)

    @property
    def _runs(self) -> list[tuple[Program, int]]:
        """The program of each part, with its shots."""
        programs = self.plan.programs
        return [(programs[part.circuit], part.shots) for part in self.execution.parts]

    @property
    def overrun(self) -> str | None:
        """The excess of the job over its budget with this step, in words; None if there is none."""
        budget = self.job_input.budget
        return budget.overrun(self._expected) if budget else None

    @property
    def _expected(self) -> Totals:
        """The totals of the job with this step, of which the published price says the cost."""
        before, price = self.execution.before, self._price
        expected = before.with_step(self._runs)
        if price is None:
            return replace(expected, cost=None)
        # Steps of which the provider has not said the cost are taken to cost as much.
        spent = before.steps * price.at_most if before.cost is None else before.cost
        return replace(expected, cost=spent + price.at_most, currency=price.currency)

    @property
    def estimate(self) -> Money | None:
        """The cost of all steps that are planned, by the published price; None if it is not known.

        A step is taken to cost as much as this one.
        """
        price, progress = self._price, self.plan.progress
        steps = (progress.steps if progress else None) or 1
        return Money(price.times(steps).expected, price.currency) if price else None

    @property
    def _price(self) -> Cost | None:
        """The cost of the step by the published price of its target."""
        facts, mitigated = self.target.facts, mitigates_errors(self.execution.options)
        return cost_of(facts, self._runs, mitigated=mitigated) if facts else None

    def placement(self, statuses: Sequence[ProviderStatus] = ()) -> Placement:
        """Return the facts of the step for its caller; its end, in *statuses*, adds its cost."""
        known = self.totals(statuses) if statuses else self.execution.before
        return Placement(
            target=self.target,
            step=self.step,
            circuits=self.circuits,
            size=self.plan.size,
            progress=self.plan.progress,
            cost=None if known.cost is None else Money(known.cost, known.currency),
            accepted=known.accepted,
            began=known.began,
            estimate=self.estimate,
        )

    def following(
        self, plan: Plan, totals: Totals | None = None, taken: timedelta | None = None
    ) -> Run:
        """Return the next step, which runs where this one did.

        Args:
            plan: of the next step
            totals: of the job with this step
            taken: how long this step took, as the next one may be expected to; None is as long as
                the target's queue

        """
        step, target = self.step + 1, self.target
        if taken is not None:
            target = replace(target, queue_seconds=ceil(taken.total_seconds()))
        execution = replace(
            Execution.decide(self.job, self.job_input, target, step, plan),
            session=self.execution.session,
            before=totals or self.totals(),
        )
        return replace(self, step=step, plan=plan, execution=execution)


def _added(counts: Sequence[Counts]) -> Counts:
    if len(counts) == 1:
        return counts[0]
    added = Counter[str]()
    for one in counts:
        added.update(one.readings)
    return Counts(dict(added))


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a job, with its counts and the final status of each provider job."""

    run: Run
    outcomes: Sequence[Counts]
    """One for each circuit."""
    statuses: Sequence[ProviderStatus]

    @property
    def totals(self) -> Totals:
        """The totals of all steps."""
        return self.run.totals(self.statuses)

    @property
    def expected_next(self) -> timedelta | None:
        """The time that the next step may be expected to take; None if the provider does not say.

        It is that of this step, without the time in the public queue that the first step waits.
        """
        first = self.run.step == 0
        since = [status.began if first else status.accepted for status in self.statuses]
        known = [moment for moment in since if moment]
        return self.ended - min(known) if known and self.ended else None

    @property
    def ended(self) -> datetime | None:
        """When the last of its circuits ended, if the provider says so."""
        return max((status.ended for status in self.statuses if status.ended), default=None)


def provider_ids(job_id: str, step: int, circuits: int) -> list[str]:
    """Return the ids of a step's circuits at the provider."""
    return [provider_job_id(job_id, step, index) for index in range(circuits)]
