"""Targets, and the choice of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qjobs.domain.errors import NoSuitableTargetError


class Mode(StrEnum):
    """Where a caller may ask a job to run."""

    HARDWARE = "hardware"
    SIMULATOR = "simulator"
    NOISY_SIMULATOR = "noisy-simulator"


_KINDS = (
    # Quantinuum: `sc` checks the syntax only and always reads zeros, `e` emulates the device.
    (re.compile(r"quantinuum\.sim\..*sc"), None),
    (re.compile(r"quantinuum\.sim\..*e"), Mode.NOISY_SIMULATOR),
    (re.compile(r".*\.qpu(\..*)?"), Mode.HARDWARE),
    (re.compile(r".*\.(sim|simulator)(\..*)?"), Mode.SIMULATOR),
)


def kind_of(target_id: str) -> Mode | None:
    """Return what the target computes with, by the naming rules of Azure Quantum.

    None is a target that a mode never chooses; a caller may still name it.
    """
    return next((kind for form, kind in _KINDS if form.fullmatch(target_id)), None)


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
    def kind(self) -> Mode | None:
        """What it computes with."""
        return kind_of(self.id)


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """Either the mode or the id of the target that a caller asks for."""

    mode: Mode | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """The target that a job runs on, and why."""

    id: str
    provider: str
    mode: Mode | None
    reason: str
    queue_seconds: int = 0


def choose(request: TargetRequest, targets: Sequence[Target], qubits: int) -> TargetChoice:
    """Return the target for a job of *qubits* qubits.

    A named target is taken if it is there and large enough, even when it is not available at the
    moment: its queue accepts jobs. Of a mode, the one with the shortest queue is taken.

    Raises:
        NoSuitableTargetError: there is none.

    """
    if request.id is not None:
        named = next((target for target in targets if target.id == request.id), None)
        if named is None:
            known = ", ".join(sorted(target.id for target in targets)) or "none"
            raise NoSuitableTargetError(
                f"The workspace has no target {request.id!r}; it has: {known}."
            )
        if not _fits(named, qubits):
            raise NoSuitableTargetError(
                f"{named.id} has {named.qubits} qubits; the job needs {qubits}."
            )
        return _choice(named, "named by the caller")
    fitting = [
        target
        for target in targets
        if target.kind == request.mode and target.available and _fits(target, qubits)
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
    return TargetChoice(target.id, target.provider, target.kind, reason, target.queue_seconds)
