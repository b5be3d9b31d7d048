"""A minimiser of noisy values by quadratic models: few steps of many points that run at once.

Each step evaluates points around the best place so far, fits a quadratic function to all values
nearby by weighted least squares, and moves to its minimum, no farther than the radius of the step,
which shrinks. The fit averages over the noise that leads simplex methods astray (Sung et al.,
Quantum Sci. Technol. 5, 044008, 2020). The state of a loop is the list of its evaluations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qjobs.methods.searching import Measured, Position

_SHRINK = 0.93
"""Ratio of the radii of two steps."""
_NEAR = 3.0
"""Radii of a step within which older points count for its model."""

type Values = Sequence[tuple[Sequence[float], Measured]]


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A search from a point, with the radius of its first step."""

    start: Sequence[float]
    radius: float
    evaluations: int
    """The most; a last step that does not fit is left out."""

    @property
    def points_of_a_step(self) -> int:
        """The number of points that determine a quadratic function."""
        dimension = len(self.start)
        return (dimension + 1) * (dimension + 2) // 2

    @property
    def steps(self) -> int:
        """The number of steps."""
        return self.evaluations // self.points_of_a_step

    def after(self, known: Values) -> Position:
        """Return the position after the evaluations of all points so far, in their order."""
        centre, radius = np.asarray(self.start, dtype=float), self.radius
        size = self.points_of_a_step
        for step in range(self.steps):
            if len(known) <= step * size:
                return Position(
                    _listed(centre), [_listed(x) for x in _design(centre, radius, step)]
                )
            centre = _moved(centre, radius, known[: (step + 1) * size])
            radius *= _SHRINK
        return Position(_listed(centre), [])


def _design(centre: np.ndarray, radius: float, step: int) -> list[np.ndarray]:
    """Return the points of a step: the centre, two on each axis, one for each pair of axes."""
    axes = np.eye(len(centre)) * radius
    points = [centre, *(centre + axis for axis in axes), *(centre - axis for axis in axes)]
    for number, (one, other) in enumerate(combinations(axes, 2)):
        # Each step takes the next of four corners, so that all are known after some steps.
        first, second = ((1, 1), (-1, -1), (1, -1), (-1, 1))[(step + number) % 4]
        points.append(centre + (first * one + second * other) / np.sqrt(2))
    return points


def _moved(centre: np.ndarray, radius: float, known: Values) -> np.ndarray:
    """Return the minimum of the model within the radius of the centre."""
    offsets = np.array([np.asarray(point) - centre for point, _ in known]) / radius
    values = np.array([one.value for _, one in known])
    errors = np.array([one.error for _, one in known])
    near = np.linalg.norm(offsets, axis=1) <= _NEAR
    errors = errors if errors[near].min() > 0 else np.ones(len(known))
    # Far points are fitted less closely: there the function is no quadratic.
    weights = near / errors / (1 + np.linalg.norm(offsets, axis=1) ** 2)
    fit = np.linalg.lstsq(_terms(offsets) * weights[:, None], values * weights, rcond=None)[0]
    return centre + radius * _least(fit, len(centre))


def _terms(offsets: np.ndarray) -> np.ndarray:
    """Return the terms of a quadratic function, of shape (points, terms)."""
    count, dimension = offsets.shape
    products = [
        offsets[:, i] * offsets[:, j] for i in range(dimension) for j in range(i, dimension)
    ]
    return np.column_stack([np.ones(count), offsets, *products])


def _least(fit: np.ndarray, dimension: int) -> np.ndarray:
    """Return the minimum of a quadratic function in the unit ball, by its Lagrange multiplier."""
    gradient, hessian = fit[1 : dimension + 1], np.zeros((dimension, dimension))
    places = [(i, j) for i in range(dimension) for j in range(i, dimension)]
    for number, (i, j) in zip(fit[dimension + 1 :], places, strict=True):
        hessian[i, j] += number
        hessian[j, i] += number
    curvatures, axes = np.linalg.eigh(hessian)
    slopes = axes.T @ gradient

    def moved(multiplier: float) -> np.ndarray:
        return np.asarray(-slopes / np.maximum(curvatures + multiplier, 1e-12))

    low = max(0.0, -float(curvatures[0])) + 1e-9
    if curvatures[0] > 0 and np.linalg.norm(moved(0.0)) <= 1:
        return np.asarray(axes @ moved(0.0))
    high = low + float(np.linalg.norm(slopes)) + 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.linalg.norm(moved(middle)) > 1 else (low, middle)
    return np.asarray(axes @ moved(high))


def _listed(point: np.ndarray) -> list[float]:
    return [float(x) for x in point]
