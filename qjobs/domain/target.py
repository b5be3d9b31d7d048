"""Targets of the quantum workspace, and the choice of one for a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qjobs.domain.errors import NoSuitableTargetError


class Mode(StrEnum):
    """The kinds of target that a caller may ask for."""

    SIMULATOR = "Simulator"
    NOISY_SIMULATOR = "NoisySimulator"
    HARDWARE = "Hardware"


_MODES = (
    # Quantinuum: `sc` checks the syntax only and always returns zeros, `e` emulates the device.
    (re.compile(r"quantinuum\.sim\..*sc"), None),
    (re.compile(r"quantinuum\.sim\..*e"), Mode.NOISY_SIMULATOR),
    (re.compile(r".*\.qpu(\..*)?"), Mode.HARDWARE),
    (re.compile(r".*\.(sim|simulator)(\..*)?"), Mode.SIMULATOR),
)


def mode_of(target_id: str) -> Mode | None:
    """Return the mode of a target, by the naming rules of Azure Quantum.

    None is a target that a mode never chooses; a caller may still name it.
    """
    return next((mode for form, mode in _MODES if form.fullmatch(target_id)), None)


@dataclass(frozen=True, slots=True)
class Target:
    """A target as the workspace reports it."""

    id: str
    provider: str
    available: bool
    queue_seconds: int
    """Average wait before a job runs."""
    qubits: int | None = None
    """Largest number of qubits, where the workspace says so."""

    @property
    def mode(self) -> Mode | None:
        """The mode that chooses it, by its name."""
        return mode_of(self.id)


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """Either the mode or the id of the target that a caller asks for."""

    mode: Mode | None = None
    id: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether a simulator is asked for; a target that does not say so by its name is none."""
        mode = self.mode if self.id is None else mode_of(self.id)
        return mode in {Mode.SIMULATOR, Mode.NOISY_SIMULATOR}


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """The target that a job runs on, and the reason for the choice."""

    id: str
    provider: str
    mode: Mode | None
    reason: str
    queue_seconds: int = 0


def choose_target(request: TargetRequest, targets: Sequence[Target], qubits: int) -> TargetChoice:
    """Return the target for a job of *qubits* qubits.

    A named target is taken if it is there and large enough, even when it is not available at the
    moment: its queue accepts jobs. Of a mode, the one with the shortest queue is taken.

    Raises:
        NoSuitableTargetError: there is none.

    """
    if request.id is not None:
        named = next((target for target in targets if target.id == request.id), None)
        if named is None:
            raise NoSuitableTargetError(
                f"The workspace has no target {request.id!r}; GET /targets lists those that it has."
            )
        if not _fits(named, qubits):
            raise NoSuitableTargetError(
                f"{named.id} has {named.qubits} qubits; the job needs {qubits}."
            )
        return _choice(named, "named by the caller")
    fitting = [
        target
        for target in targets
        if target.mode == request.mode and target.available and _fits(target, qubits)
    ]
    if not fitting:
        raise NoSuitableTargetError(
            f"No available {request.mode} of the workspace has {qubits} qubits."
        )
    best = min(fitting, key=lambda target: target.queue_seconds)
    return _choice(best, f"shortest queue of {len(fitting)} with at least {qubits} qubits")


def _fits(target: Target, qubits: int) -> bool:
    return target.qubits is None or target.qubits >= qubits


def _choice(target: Target, reason: str) -> TargetChoice:
    return TargetChoice(target.id, target.provider, target.mode, reason, target.queue_seconds)
