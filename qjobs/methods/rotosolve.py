"""A minimiser of energies by the angles of Pauli rotations, one angle at a time.

As a function of the angle of one rotation exp(-i angle P / 2) an energy is a sinusoid, which three
values determine, so that each angle goes to its minimum without a gradient or a step size
(Nakanishi, Fujii and Todo, Phys. Rev. Research 2, 043158, 2020; Ostaszewski, Grant and Benedetti,
Quantum 5, 391, 2021). The state of a loop is the list of its evaluations; everything else follows
from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.methods.searching import Measured, Position

_ROUNDING = 1e-9
"""Relative difference of energies that are alike."""

type Angles = Sequence[float]


@dataclass(frozen=True, slots=True)
class Rotosolve:
    """Sweeps over all angles, each with its own rotation, until one sweep moves none of them."""

    start: Angles
    evaluations: int
    """The most, of the energy; a last turn that does not fit is left out."""

    def after(self, known: Sequence[Measured]) -> Position:
        """Return the position after the evaluations of all points so far, in their order.

        A sweep begins with a new evaluation of its centre, so that errors do not add up. An angle
        stays where its slope is within the standard error of zero, unless at a maximum.
        """
        angles, used = [float(angle) for angle in self.start], 0
        while True:
            centre, moved = None, False
            for place in range(len(angles)):
                points = self._points(angles, place, with_centre=centre is None)
                if used + len(points) > self.evaluations:
                    return Position(angles, [])
                if used == len(known):
                    return Position(angles, points)
                values = list(known[used : used + len(points)])
                used += len(points)
                centre = values.pop(0) if centre is None else centre
                turn, centre = _turned(centre, *values)
                angles[place] = _wrapped(angles[place] + turn)
                moved = moved or turn != 0.0
            # The sinusoid of a single angle is known after one sweep.
            if not moved or len(angles) == 1:
                return Position(angles, [])

    @staticmethod
    def _points(angles: Angles, place: int, *, with_centre: bool) -> list[list[float]]:
        turns = (0.0, math.pi / 2, -math.pi / 2)[0 if with_centre else 1 :]
        return [
            [angle + turn * (index == place) for index, angle in enumerate(angles)]
            for turn in turns
        ]


def _turned(centre: Measured, ahead: Measured, behind: Measured) -> tuple[float, Measured]:
    """Return the turn from the centre to the minimum of the sinusoid, and the energy there."""
    mean = (ahead.value + behind.value) / 2
    cosine, sine = centre.value - mean, (ahead.value - behind.value) / 2
    least = mean - math.hypot(cosine, sine)
    slope_error = math.hypot(ahead.error, behind.error) / 2
    error = math.hypot(centre.error, slope_error)
    alike = _ROUNDING * (abs(mean) + abs(cosine))
    if abs(sine) <= slope_error + alike and cosine <= error + alike:
        return 0.0, centre
    return math.atan2(-sine, -cosine), Measured(least, error)


def _wrapped(angle: float) -> float:
    """Return the same rotation, up to a sign of the state, by an angle from -pi to pi."""
    return math.remainder(angle, 2 * math.pi)
