"""Targets of the quantum workspace, and the requests of callers for one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qjobs.domain.target_facts import Kind, TargetFacts


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
_MODE_OF_KIND = {
    Kind.SIMULATOR: Mode.SIMULATOR,
    Kind.NOISY_SIMULATOR: Mode.NOISY_SIMULATOR,
    Kind.HARDWARE: Mode.HARDWARE,
}


def mode_of(target_id: str) -> Mode | None:
    """Return the mode of a target, by the naming rules of Azure Quantum.

    None is a target that a mode never chooses; a caller may still name it.
    """
    return next((mode for form, mode in _MODES if form.fullmatch(target_id)), None)


@dataclass(frozen=True, slots=True)
class Target:
    """A target as the workspace reports it, with the facts that are known of it."""

    id: str
    provider: str
    available: bool
    queue_seconds: int
    """Average wait before a job runs."""
    qubits: int | None = None
    """Largest number of qubits, where the workspace or the facts say so."""
    as_of: datetime = field(kw_only=True)
    """When the workspace reported it."""
    facts: TargetFacts | None = field(default=None, kw_only=True)
    """None for a target that is not in the table of facts."""

    @property
    def mode(self) -> Mode | None:
        """The mode that chooses it: by its kind, or by its name if that is not known."""
        return _MODE_OF_KIND.get(self.facts.kind) if self.facts else mode_of(self.id)


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
