"""The choice of a target for a step, by the needs of its programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.target import Mode, Target, TargetRequest
from qjobs.domain.target_facts import Profile, TargetFacts, facts_document, stored_facts


@dataclass(frozen=True, slots=True)
class Needs:
    """Requirements of a step's programs on their target.

    The number of shots is none of it: more than a target runs at once are run in several jobs.
    """

    qubits: int = 0
    format: str = "qir.v1"
    profile: Profile = Profile.BASE
    sampling: bool = False
    """Whether the readings have to be random."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """The target that a job runs on, and the reason for the choice."""

    id: str
    provider: str
    mode: Mode | None
    reason: str
    queue_seconds: int = 0
    as_of: datetime | None = None
    """When the workspace reported the figures behind the choice."""
    device: str | None = None
    """The device whose noise a simulator has; None without one."""
    options: JSONObject = field(default_factory=dict)
    """Passed to the target with each job, under the caller's own."""
    facts: TargetFacts | None = None
    """Of the target with these options; None if it is not in the table of facts."""


def misfit(target: Target, needs: Needs) -> str | None:
    """Return the reason for which a target cannot run a step, as a sentence; None if it can.

    What is not known of a target rules nothing out.
    """
    if target.qubits is not None and target.qubits < needs.qubits:
        return f"{target.id} has {target.qubits} qubits; the job needs {needs.qubits}."
    facts = target.facts
    if facts is None:
        return None
    if needs.format not in facts.formats:
        taken = ", ".join(facts.formats)
        return f"{target.id} runs no {needs.format}, in which circuits are sent; it takes {taken}."
    if not facts.profile.runs(needs.profile):
        return (
            f"{target.id} runs QIR of the profile {facts.profile}; the job needs {needs.profile}."
        )
    if needs.sampling and not facts.samples:
        return f"{target.id} does not sample, and the algorithm needs random readings."
    return None


def choose_target(request: TargetRequest, targets: Sequence[Target], needs: Needs) -> TargetChoice:
    """Return the target for a step.

    A named target is taken if it is there and can run the step, even when it is not available at
    the moment: its queue accepts jobs. Of a mode, the one with the shortest queue is taken.

    Raises:
        NoSuitableTargetError: there is none.

    """
    if request.id is not None:
        named = next((target for target in targets if target.id == request.id), None)
        if named is None:
            raise NoSuitableTargetError(
                f"The workspace has no target {request.id!r}; GET /targets lists those that it has."
            )
        reason = misfit(named, needs)
        if reason is not None:
            raise NoSuitableTargetError(reason)
        return _choice(named, "named by the caller")
    fitting = [
        target
        for target in targets
        if target.mode == request.mode and target.available and misfit(target, needs) is None
    ]
    if not fitting:
        raise NoSuitableTargetError(
            f"No available {request.mode} of the workspace has {needs.qubits} qubits."
        )
    best = min(fitting, key=lambda target: target.queue_seconds)
    return _choice(best, f"shortest queue of {len(fitting)} with at least {needs.qubits} qubits")


def choice_document(choice: TargetChoice) -> JSONObject:
    """Return the stored form of a choice."""
    return asdict(choice) | {
        "as_of": times.to_text_or_none(choice.as_of),
        "facts": choice.facts and facts_document(choice.facts),
    }


def stored_choice(document: JSONObject) -> TargetChoice:
    """Return the choice that `choice_document` stored."""
    mode, as_of, facts = (document.get(name) for name in ("mode", "as_of", "facts"))
    return TargetChoice(
        **document
        | {
            "mode": mode and Mode(mode),
            "as_of": as_of and times.from_text(as_of),
            "facts": facts and stored_facts(facts),
        }
    )


def _choice(target: Target, reason: str) -> TargetChoice:
    return TargetChoice(
        target.id,
        target.provider,
        target.mode,
        reason,
        target.queue_seconds,
        as_of=target.as_of,
        facts=target.facts,
    )
