"""The choice of a target for a step, by the needs of its programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from math import inf

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject, Program
from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.price import Cost
from qjobs.domain.qir_attributes import profile_of
from qjobs.domain.target import Mode, Target, TargetRequest
from qjobs.domain.target_facts import Kind, Profile, TargetFacts, facts_document, stored_facts


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

    def of(self, programs: Sequence[Program]) -> Needs:
        """Return the same needs for *programs*."""
        profiles = [profile_of(program.text) for program in programs]
        return replace(
            self,
            qubits=max((program.qubits for program in programs), default=self.qubits),
            format=programs[0].format if programs else self.format,
            profile=max(profiles, key=list(Profile).index, default=self.profile),
        )


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


_MOST_REASONS = 3
"""The number of targets for which a refusal says why they cannot run the job."""

type CostAt = Callable[[TargetFacts], Cost | None]
"""Takes the facts of a target and gives the cost of a step there."""


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


def check_request(request: TargetRequest, targets: Sequence[Target], needs: Needs) -> None:
    """Check that a target of the workspace can run the job that is asked for, now or later.

    Raises:
        NoSuitableTargetError: there is none; the detail says why.

    """
    choose_target(request, [replace(target, available=True) for target in targets], needs)


def choose_target(
    request: TargetRequest, targets: Sequence[Target], needs: Needs, cost_at: CostAt | None = None
) -> TargetChoice:
    """Return the target for a step.

    A named target is taken if it is there and can run the step, even when it is not available at
    the moment: its queue accepts jobs. Of a mode, the one with the shortest expected wait is taken
    of those that are available and can run the step; where waits are equal the cheapest, then the
    first by id. For `NoisySimulator` devices are chosen from like this, and the job runs on the
    simulator that has the noise of the first device that is simulated in the workspace; without
    any, on a simulator with noise of its own.

    Args:
        request: of the caller
        targets: of the workspace
        needs: of the step
        cost_at: the cost of the step, if it is known

    Raises:
        NoSuitableTargetError: there is none; the detail says why.

    """
    if request.id is not None:
        return _named(request.id, targets, needs)
    candidates = _Candidates(targets, needs, cost_at)
    imitation = candidates.imitation() if request.mode is Mode.NOISY_SIMULATOR else None
    return imitation or candidates.first(request.mode)


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


def _named(name: str, targets: Sequence[Target], needs: Needs) -> TargetChoice:
    target = next((target for target in targets if target.id == name), None)
    if target is None:
        raise NoSuitableTargetError(
            f"The workspace has no target {name!r}; GET /targets lists those that it has."
        )
    reason = misfit(target, needs)
    if reason is not None:
        raise NoSuitableTargetError(reason)
    return _choice(target, "Named by the caller.", _imitated(target, targets))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The targets of a workspace that a mode may choose for a step."""

    targets: Sequence[Target]
    needs: Needs
    cost_at: CostAt | None

    def first(self, mode: Mode | None) -> TargetChoice:
        """Return the first choice of a mode.

        Raises:
            NoSuitableTargetError: there is none.

        """
        ranked = self._ranked(mode)
        if not ranked:
            raise NoSuitableTargetError(self._refusal(mode))
        reason = f"{_reason(ranked, f'{mode} targets')} that can run the job."
        if mode is Mode.NOISY_SIMULATOR:
            reason = f"No device that can run the job is simulated here. {reason}"
        return _choice(ranked[0], reason, _imitated(ranked[0], self.targets))

    def imitation(self) -> TargetChoice | None:
        """Return the simulator with the noise of the least busy device; None if none has any."""
        pairs = [
            (device, simulator)
            for device in self._ranked(Mode.HARDWARE)
            if (simulator := self._simulator_of(device)) is not None
        ]
        if not pairs:
            return None
        device, simulator = pairs[0]
        devices = _reason([one for one, _ in pairs], "devices")
        reason = f"Has the noise of {device.id}. {devices} that can run the job and are simulated."
        model = device.facts.noise_model if device.facts else None
        return replace(
            _choice(simulator, reason, device.id),
            mode=Mode.NOISY_SIMULATOR,
            options=model.options if model else {},
        )

    def _ranked(self, mode: Mode | None) -> list[Target]:
        """Return the available targets of a mode that can run the step, the first choice first."""
        fitting = [
            target
            for target in self.targets
            if target.mode == mode and target.available and misfit(target, self.needs) is None
        ]
        return sorted(fitting, key=self._rank)

    def _rank(self, target: Target) -> tuple[int, float, str]:
        cost = self.cost_at(target.facts) if self.cost_at and target.facts else None
        return target.queue_seconds, cost.expected if cost else inf, target.id

    def _simulator_of(self, device: Target) -> Target | None:
        """Return the available simulator of a device's noise that can run the step."""
        model = device.facts.noise_model if device.facts else None
        for target in self.targets:
            if model is not None and target.id == model.simulator and target.available:
                noisy = replace(target, facts=target.facts and _with_noise(target.facts))
                return noisy if misfit(noisy, self.needs) is None else None
        return None

    def _refusal(self, mode: Mode | None) -> str:
        of_mode = [target for target in self.targets if target.mode == mode]
        if not of_mode:
            return f"The workspace has no {mode}."
        reasons = [
            misfit(target, self.needs) or f"{target.id} is not available." for target in of_mode
        ]
        more = len(reasons) - _MOST_REASONS
        listed = " ".join(reasons[:_MOST_REASONS]) + (f" {more} more cannot." if more > 0 else "")
        return f"No target of the mode {mode} can run the job. {listed}"


def _with_noise(facts: TargetFacts) -> TargetFacts:
    """Return the facts of a simulator that is asked for noise, which it simulates by sampling."""
    return replace(facts, kind=Kind.NOISY_SIMULATOR, noisy=True, samples=True)


def _imitated(simulator: Target, targets: Sequence[Target]) -> str | None:
    """Return the device whose noise a simulator has without being asked for it."""
    for target in targets:
        model = target.facts.noise_model if target.facts else None
        if model is not None and model.simulator == simulator.id and not model.options:
            return target.id
    return None


def _reason(ranked: Sequence[Target], kind: str) -> str:
    """Return the reason for which the first of *ranked* comes first, but for its last words."""
    wait = ranked[0].queue_seconds
    alike = sum(target.queue_seconds == wait for target in ranked)
    tie = f", the cheapest or else the first by id of {alike} with it," if alike > 1 else ""
    return f"Shortest expected wait ({wait} s){tie} of the {len(ranked)} available {kind}"


def _choice(target: Target, reason: str, device: str | None) -> TargetChoice:
    return TargetChoice(
        target.id,
        target.provider,
        target.mode,
        reason,
        target.queue_seconds,
        as_of=target.as_of,
        device=device,
        facts=target.facts,
    )
