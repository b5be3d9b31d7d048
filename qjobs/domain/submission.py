"""The body of a submission, validated strictly: all violations are named at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.budget import Budget, budget_violations
from qjobs.domain.errors import Violation, listed
from qjobs.domain.identifiers import uuid_in_lower_case
from qjobs.domain.options import option_violations
from qjobs.domain.pointer import escape
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import Needs
from qjobs.domain.times import parse_duration
from qjobs.domain.webhook import MOST_WEBHOOKS

_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,49}")
_TARGET_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
TAG_RULE = "Must be 1 to 50 letters, digits, or `._:-`, not starting with a mark."
_LONGEST_NAME = 100
_MOST_TAGS = 10
_LARGEST_SEED = 2**31 - 1
_SHORTEST_DEADLINE = timedelta(seconds=1)
_LONGEST_DEADLINE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SubmissionRules:
    """The shots that one algorithm allows, its default target, its needs and its length."""

    default_shots: int
    minimum_shots: int
    maximum_shots: int
    target: TargetRequest
    """The default target of its jobs."""
    needs: Needs = field(default_factory=Needs)
    """Those of its programs, whatever their size."""
    most_steps: int = 1


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid request for a job, apart from its input."""

    target: TargetRequest
    shots: int
    seed: int | None
    name: str | None
    tags: tuple[str, ...]
    options: JSONObject
    deadline: timedelta | None
    budget: Budget | None
    webhooks: tuple[str, ...] | None = None
    """Ids of the webhooks that are told of the job's end; None is all of the caller."""


def is_tag(text: str) -> bool:
    """Return whether a job can have this tag."""
    return _TAG.fullmatch(text) is not None


def unknown_member(known: Iterable[str]) -> str:
    """Return the detail for an unknown member, with the names of the known ones."""
    return f"Unknown member; there are: {listed(known)}."


def fingerprint(algorithm: str, body: Mapping[str, Any]) -> str:
    """Return a digest that equal requests share, whatever the order of their members."""
    canonical = json.dumps([algorithm, body], sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def violations_in(body: Mapping[str, Any], rules: SubmissionRules) -> Iterator[Violation]:
    """Yield every member of a normalized *body* that is missing, unknown or out of range.

    What is inside the input is the algorithm's schema's affair.
    """
    if "input" not in body:
        yield Violation("The member `input` is required.", pointer="")
    known = [*_MEMBERS, "options"]
    for member in body:
        if member not in known:
            yield Violation(unknown_member(known), pointer=f"/{escape(member)}")
    for member, check in _MEMBERS.items():
        if member in body:
            for path, detail in check(body[member], rules):
                yield Violation(detail, pointer=f"/{member}{path}")
    if "options" in body:
        for path, detail in option_violations(body["options"], _provider(body.get("target"))):
            yield Violation(detail, pointer=f"/options{path}")


def parse_submission(body: Mapping[str, Any], rules: SubmissionRules) -> Submission:
    """Return the submission in a valid *body*, with defaults for the members that are absent."""
    deadline = body.get("deadline")
    return Submission(
        target=_target(body["target"]) if "target" in body else rules.target,
        shots=body.get("shots", rules.default_shots),
        seed=body.get("seed"),
        name=body.get("name"),
        tags=tuple(body.get("tags", ())),
        options=dict(body.get("options", {})),
        deadline=parse_duration(deadline) if deadline is not None else None,
        budget=Budget(**body["budget"]) if "budget" in body else None,
        webhooks=tuple(body["notify"]["webhooks"]) if "notify" in body else None,
    )


type _Violations = Iterator[tuple[str, str]]
"""Pairs of a pointer relative to the member, and what is wrong there."""


def _within(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _check_input(value: object, _: SubmissionRules) -> _Violations:
    if not isinstance(value, dict):
        yield "", "Must be an object, as the algorithm's input schema says."


def _check_target(value: object, _: SubmissionRules) -> _Violations:
    if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"mode", "id"}:
        yield "", 'Must be an object with one member, either "mode" or "id".'
    elif "mode" in value:
        if value["mode"] not in list(Mode):
            yield "/mode", f"Must be one of {', '.join(Mode)}."
    elif not isinstance(value["id"], str) or not _TARGET_ID.fullmatch(value["id"]):
        yield "/id", "Must be the id of a target, such as ionq.simulator."


def _check_shots(value: object, rules: SubmissionRules) -> _Violations:
    low, high = rules.minimum_shots, rules.maximum_shots
    if not _within(value, low, high):
        yield "", f"Must be an integer from {low} to {high}."


def _check_seed(value: object, _: SubmissionRules) -> _Violations:
    if not _within(value, 0, _LARGEST_SEED):
        yield "", f"Must be an integer from 0 to {_LARGEST_SEED}."


def _check_name(value: object, _: SubmissionRules) -> _Violations:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_NAME:
        yield "", f"Must be a string of 1 to {_LONGEST_NAME} characters."


def _check_tags(value: object, _: SubmissionRules) -> _Violations:
    if not isinstance(value, list) or len(value) > _MOST_TAGS:
        yield "", f"Must be a list of at most {_MOST_TAGS} tags."
        return
    for index, tag in enumerate(value):
        if not isinstance(tag, str) or not _TAG.fullmatch(tag):
            yield (
                f"/{index}",
                TAG_RULE,
            )


def _check_deadline(value: object, _: SubmissionRules) -> _Violations:
    try:
        length = parse_duration(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        length = None
    if length is None or not _SHORTEST_DEADLINE <= length <= _LONGEST_DEADLINE:
        yield "", "Must be an ISO 8601 duration from PT1S to P30D, such as PT90S or P1DT12H."


def _check_budget(value: object, _: SubmissionRules) -> _Violations:
    yield from budget_violations(value)


def _check_notify(value: object, _: SubmissionRules) -> _Violations:
    if not isinstance(value, dict) or value.keys() != {"webhooks"}:
        yield "", "Must be an object with the member `webhooks`."
        return
    ids = value["webhooks"]
    if not isinstance(ids, list) or len(ids) > MOST_WEBHOOKS:
        yield "/webhooks", f"Must be a list of at most {MOST_WEBHOOKS} ids of webhooks."
        return
    for index, one in enumerate(ids):
        if not isinstance(one, str) or uuid_in_lower_case(one) != one:
            yield f"/webhooks/{index}", "Must be the id of a webhook, a UUID in lower case."


_MEMBERS: dict[str, Callable[[object, SubmissionRules], _Violations]] = {
    "input": _check_input,
    "target": _check_target,
    "shots": _check_shots,
    "seed": _check_seed,
    "name": _check_name,
    "tags": _check_tags,
    "deadline": _check_deadline,
    "budget": _check_budget,
    "notify": _check_notify,
}


def _target(value: Mapping[str, str]) -> TargetRequest:
    if "mode" in value:
        return TargetRequest(mode=Mode(value["mode"]))
    return TargetRequest(id=value["id"])


def _provider(target: object) -> str | None:
    """Return the provider of the target that is named, if one is: ids begin with it."""
    named = target.get("id") if isinstance(target, dict) else None
    valid = isinstance(named, str) and _TARGET_ID.fullmatch(named)
    return valid[0].partition(".")[0] if valid else None
