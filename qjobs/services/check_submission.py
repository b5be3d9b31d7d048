"""The check of a submission: everything that can be validated before anything runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import InvalidInputError, NoSuitableTargetError, TransientError
from qjobs.domain.job import Job, Status
from qjobs.domain.job_input import JobInput
from qjobs.domain.submission import Submission, SubmissionRules, parse_submission, violations_in
from qjobs.domain.target import TargetRequest
from qjobs.domain.target_choice import Needs, check_request
from qjobs.ports import Catalogue, QuantumProvider

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckedSubmission:
    """A valid submission with its input, in which the schema's defaults are filled in."""

    submission: Submission
    job_input: JobInput
    rules: SubmissionRules

    def job(self, owner: str, algorithm: str, job_id: str, now: datetime) -> Job:
        """Return the job that it asks for, at the moment of its submission."""
        wanted = self.submission
        return Job(
            id=job_id,
            owner=owner,
            algorithm=algorithm,
            status=Status.QUEUED,
            created_at=now,
            updated_at=now,
            requested_target=wanted.target,
            shots=wanted.shots,
            seed=wanted.seed,
            name=wanted.name,
            tags=wanted.tags,
            deadline=now + wanted.deadline if wanted.deadline else None,
            webhooks=wanted.webhooks,
        )


@dataclass(frozen=True, slots=True)
class CheckSubmission:
    """Check the body of a submission, and that a target can run it."""

    catalogue: Catalogue
    provider: QuantumProvider

    def body(self, algorithm: str, body: JSONObject) -> CheckedSubmission:
        """Return the submission in a normalized *body*.

        Raises:
            UnknownAlgorithmError: there is no such algorithm.
            InvalidInputError: it names everything that is wrong with *body*.

        """
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
        return CheckedSubmission(
            submission, JobInput(checked, submission.options, submission.budget), rules
        )

    async def target(self, wanted: TargetRequest, needs: Needs) -> None:
        """Refuse a target that can never run the job; a busy one is left to dispatch.

        Raises:
            InvalidInputError: no target can run it.

        """
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
