"""Submission of a job: validate everything that can be validated, then create its record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qjobs.domain.algorithm import Finish, JSONObject
from qjobs.domain.errors import (
    BudgetExceededError,
    ConcurrentUpdateError,
    ForbiddenError,
    IdempotencyConflictError,
    InvalidInputError,
    RequestError,
    TransientError,
    UnknownJobError,
    Violation,
)
from qjobs.domain.identifiers import key_digest
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.json_values import normalized
from qjobs.domain.money import Money
from qjobs.domain.submission import fingerprint
from qjobs.ports import Clock, JobStore, Reservation, Stored
from qjobs.services.check_submission import CheckSubmission
from qjobs.services.job_log import log_job
from qjobs.services.places import working_for
from qjobs.services.plan_first import PlanFirst
from qjobs.services.spending import Spending
from qjobs.webhook_ports import Webhooks

_log = logging.getLogger(__name__)
_LONGEST_CHECK = 3.0
"""Seconds that a submission waits until its budget is checked: other circuits may take all the
processes that its caller can have. Then dispatch checks it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that was accepted."""

    stored: Stored
    content: JSONObject | None
    """Its input, as it was stored now; None if an earlier request with the same idempotency key has
    made the job."""

    @property
    def job(self) -> Job:
        """The job."""
        return self.stored.job

    @property
    def replayed(self) -> bool:
        """Whether an earlier request with the same idempotency key made it."""
        return self.content is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Create the record of a job. The caller of this sends the job's message next.

    If that never happens the job is overdue after a while and reconciliation sends it.
    """

    check: CheckSubmission
    plan_first: PlanFirst
    spending: Spending
    webhooks: Webhooks
    jobs: JobStore
    clock: Clock
    new_id: Callable[[datetime], str]
    stalled_after: timedelta
    retention: timedelta

    async def __call__(  # noqa: PLR0913 - the parts of a request
        self,
        owner: str,
        algorithm: str,
        body: JSONObject,
        idempotency_key: str | None,
        trace_parent: str | None = None,
        *,
        hardware_needs: str | None = None,
    ) -> Accepted:
        """Create the record of a job, or return the one made under the same idempotency key.

        Args:
            owner: the caller's key
            algorithm: id of the algorithm
            body: of the request
            idempotency_key: of the caller's choice
            trace_parent: valid W3C trace context of the request
            hardware_needs: scope without which the caller may use simulators only

        Raises:
            ForbiddenError: the job could run on hardware, for which the caller lacks a scope.
            UnknownAlgorithmError: there is no such algorithm.
            InvalidInputError: it names everything that is wrong with *body*.
            BudgetExceededError: its first step would take more than its budget.
            SpendingLimitError: it would take its caller beyond the limit of a day.
            IdempotencyConflictError: the key was used with another request.

        """
        body = normalized(body)
        checked = self.check.body(algorithm, body)
        submission, needs = checked.submission, checked.rules.needs
        if hardware_needs is not None and not submission.target.simulated:
            raise ForbiddenError(
                f"Hardware needs the scope {hardware_needs} or the app role {hardware_needs}-user."
            )
        if "target" in body or needs.sampling:
            await self.check.target(submission.target, needs)
        await self._check_webhooks(owner, submission.webhooks or ())

        now = self.clock.now()
        job = replace(
            checked.job(owner, algorithm, self.new_id(now), now),
            retention=self.retention,
            due=now + self.stalled_after,
            trace_parent=trace_parent,
        )
        if idempotency_key is not None:
            job = replace(job, key=key_digest(idempotency_key))
            wanted = Reservation(job.id, fingerprint(algorithm, body))
            held = await self.jobs.reserve(owner, idempotency_key, wanted)
            if held.fingerprint != wanted.fingerprint:
                raise IdempotencyConflictError(job_id=held.job_id)
            if held.job_id != job.id:
                try:
                    return await self._replay(owner, held.job_id)
                except UnknownJobError:
                    # The first request got no further than its reservation: this one goes on.
                    job = replace(job, id=held.job_id)
        job_input = self.spending.within(checked.job_input)
        if job_input.budget is not None or self.spending.limited:
            try:
                estimate = await self._check_budget(job, job_input)
            except RequestError:
                # The key is free for the same job with a larger budget.
                await self.jobs.release(job)
                raise
            job = replace(job, estimate=estimate)
        try:
            content = job_input.document
            stored = await self.jobs.create(job, content)
        except ConcurrentUpdateError:
            # Two requests with one key at the same moment.
            return await self._replay(owner, job.id)
        log_job(job)
        return Accepted(stored, content)

    async def _check_webhooks(self, owner: str, ids: Sequence[str]) -> None:
        """Refuse a job that is to be told to a webhook that its owner does not have.

        Raises:
            InvalidInputError: it names each such webhook.

        """
        if not ids:
            return
        known = {stored.webhook.id for stored in await self.webhooks.all(owner)}
        violations = [
            Violation("There is no such webhook.", pointer=f"/notify/webhooks/{index}")
            for index, one in enumerate(ids)
            if one not in known
        ]
        if violations:
            raise InvalidInputError(violations=violations)

    async def _check_budget(self, job: Job, job_input: JobInput) -> Money | None:
        """Refuse a job that is beyond its budget or a limit of spending; return what it costs.

        What is not known at the moment, dispatch checks.

        Raises:
            RequestError: it is, or the algorithm cannot compute the input, or no target fits.

        """
        try:
            async with asyncio.timeout(_LONGEST_CHECK):
                with working_for(job.owner):
                    first = await self.plan_first(job, job_input)
        except (TransientError, TimeoutError) as error:
            _log.warning("The budget of job %s is not checked at the moment: %r", job.id, error)
            return None
        if isinstance(first, Finish):
            return None
        if overrun := first.overrun:
            raise BudgetExceededError(overrun)
        await self.spending.check_day(job, first)
        return first.estimate

    async def _replay(self, owner: str, job_id: str) -> Accepted:
        return Accepted(await self.jobs.get(owner, job_id), content=None)
