"""Submission of a job: validate everything that can be validated, then create its record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    ForbiddenError,
    IdempotencyConflictError,
    InvalidInputError,
    NoSuitableTargetError,
    TransientError,
    UnknownJobError,
)
from qjobs.domain.identifiers import key_digest
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.json_values import normalized
from qjobs.domain.submission import Submission, fingerprint, parse_submission, violations_in
from qjobs.domain.target import TargetRequest
from qjobs.domain.target_choice import Needs, check_request
from qjobs.ports import Catalogue, Clock, JobStore, QuantumProvider, Reservation, Stored
from qjobs.services.job_log import log_job

_log = logging.getLogger(__name__)


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

    catalogue: Catalogue
    jobs: JobStore
    provider: QuantumProvider
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
            IdempotencyConflictError: the key was used with another request.

        """
        body = normalized(body)
        rules = self.catalogue.submission_rules(algorithm)
        violations = list(violations_in(body, rules))
        candidate = body.get("input")
        checked: JSONObject = {}
        if isinstance(candidate, dict):
            checked, wrong = self.catalogue.check(algorithm, candidate)
            violations += [replace(one, pointer=f"/input{one.pointer}") for one in wrong]
        if violations:
            raise InvalidInputError(violations=violations)
        submission = parse_submission(body, rules)
        if hardware_needs is not None and not submission.target.simulated:
            raise ForbiddenError(
                f"Hardware needs the scope {hardware_needs} or the app role {hardware_needs}-user."
            )
        if "target" in body or rules.needs.sampling:
            await self._check_target(submission.target, rules.needs)

        job = replace(self._job(owner, algorithm, submission), trace_parent=trace_parent)
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
        try:
            content = JobInput(checked, submission.options, submission.budget).document
            stored = await self.jobs.create(job, content)
        except ConcurrentUpdateError:
            # Two requests with one key at the same moment.
            return await self._replay(owner, job.id)
        log_job(job)
        return Accepted(stored, content)

    async def _check_target(self, wanted: TargetRequest, needs: Needs) -> None:
        """Refuse a target that can never run the job; a busy one is left to dispatch."""
        try:
            targets = await self.provider.targets()
        except TransientError:
            _log.warning("The targets are not known at the moment; dispatch will check.")
            return
        try:
            check_request(wanted, targets, needs)
        except NoSuitableTargetError as error:
            pointer = "/target/mode" if wanted.id is None else "/target/id"
            raise InvalidInputError.of(error.detail, pointer=pointer) from error

    def _job(self, owner: str, algorithm: str, submission: Submission) -> Job:
        now = self.clock.now()
        return Job(
            id=self.new_id(now),
            owner=owner,
            algorithm=algorithm,
            status=Status.QUEUED,
            created_at=now,
            updated_at=now,
            retention=self.retention,
            due=now + self.stalled_after,
            requested_target=submission.target,
            shots=submission.shots,
            seed=submission.seed,
            name=submission.name,
            tags=submission.tags,
            deadline=now + submission.deadline if submission.deadline else None,
        )

    async def _replay(self, owner: str, job_id: str) -> Accepted:
        return Accepted(await self.jobs.get(owner, job_id), content=None)
