"""The search for the angles of an ansatz, as it follows from the energies measured so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from algorithms.ground_state_energy.ansatz import Ansatz
from qjobs.methods.rotosolve import Rotosolve
from qjobs.methods.searching import Measured, Position
from qjobs.methods.surrogate import Surrogate

_RADIUS = 0.3
"""Of the first step of a search by models."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An energy that was measured, with its point."""

    point: list[float]
    energy: Measured


@dataclass(frozen=True, slots=True)
class Search:
    """Rotosolve, where each angle belongs to one rotation; quadratic models, where some share one.

    Models are fitted to many energies, so that they see through the noise of few shots.
    """

    ansatz: Ansatz
    evaluations: int

    @property
    def method(self) -> str:
        """The name of the minimiser."""
        if not self.ansatz.blocks:
            return "None"
        return "Rotosolve" if self.ansatz.is_sinusoidal else "QuadraticModels"

    @property
    def fewest(self) -> int:
        """The evaluations below which not every angle is tried."""
        angles = len(self.ansatz.blocks)
        if not angles:
            return 0
        return 2 * angles + 1 if self.ansatz.is_sinusoidal else self._models.points_of_a_step

    @property
    def points_of_a_step(self) -> int:
        """The most energies that are measured in a step."""
        return 3 if self.ansatz.is_sinusoidal else self._models.points_of_a_step

    @property
    def planned_steps(self) -> int:
        """The number of steps that a search of so many angles usually takes, at most."""
        angles = len(self.ansatz.blocks)
        if not self.ansatz.is_sinusoidal:
            return self._models.steps
        # One sweep is exact for one angle; more angles take two sweeps or three.
        return min(3 * angles, self.evaluations // 2) if angles > 1 else angles

    def after(self, known: Sequence[Evaluation]) -> Position:
        """Return the position after some evaluations."""
        if self.ansatz.is_sinusoidal:
            return Rotosolve(self.ansatz.start, self.evaluations).after(
                [one.energy for one in known]
            )
        return self._models.after([(one.point, one.energy) for one in known])

    @property
    def _models(self) -> Surrogate:
        return Surrogate(self.ansatz.start, _RADIUS, self.evaluations)
