"""Limits of spending: the cost of a job, and of one caller's jobs of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from qjobs.domain.budget import Budget
from qjobs.domain.errors import SpendingLimitError
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.money import Money
from qjobs.domain.run import Run
from qjobs.ports import JobFilter, JobStore

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Spending:
    """The limits of a deployment, which count beside the budget that a caller sets."""

    jobs: JobStore
    per_job: Money | None
    per_day: Money | None
    """Of one caller's jobs that were accepted since midnight, UTC."""

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return self.per_job is not None or self.per_day is not None

    def within(self, job_input: JobInput) -> JobInput:
        """Return the input with a budget that is within the limit of a job.

        Where the caller's budget is in another currency the limit takes its place: it is the one
        that can be compared with the prices.
        """
        limit, budget = self.per_job, job_input.budget or Budget()
        if limit is None:
            return job_input
        lower = budget.amount is not None and budget.currency == limit.currency
        amount = min(budget.amount or 0.0, limit.amount) if lower else limit.amount
        return replace(job_input, budget=replace(budget, amount=amount, currency=limit.currency))

    async def check_day(self, job: Job, first: Run) -> None:
        """Refuse a job that would take its caller beyond the limit of a day.

        Two jobs that are submitted at the same moment may both be accepted.

        Raises:
            SpendingLimitError: it would; the detail has the figures.

        """
        limit, cost = self.per_day, first.estimate
        if limit is None or (cost is not None and not cost.amount):
            return
        if cost is None or cost.currency != limit.currency:
            known = "is not known" if cost is None else f"is {cost}"
            raise SpendingLimitError(f"What the job costs {known}; the limit of a day is {limit}.")
        spent = await self._spent(job.owner, job.created_at, limit.currency)
        if spent + cost.amount > limit.amount:
            raise SpendingLimitError(
                f"The job costs about {cost}; of {limit} a day {Money(spent, limit.currency)} "
                "are spent or planned. The day ends at midnight, UTC."
            )

    async def _spent(self, owner: str, now: datetime, currency: str | None) -> float:
        """Return the cost of the jobs since midnight; as estimated, while it is not known."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        spent, continuation = 0.0, None
        while True:
            page = await self.jobs.page(owner, JobFilter(), _PAGE, continuation)
            for job in page.jobs:
                if job.created_at < midnight:
                    return spent
                known = job.cost if job.final else job.estimate or job.cost
                if known is not None and known.currency == currency:
                    spent += known.amount
            if (continuation := page.continuation) is None:
                return spent
