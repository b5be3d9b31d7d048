"""Noisy values are minimised by quadratic models, in a few steps of many points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qjobs.methods.searching import Measured
from qjobs.methods.surrogate import Surrogate


def bowl(point: Sequence[float]) -> float:
    """Return a quadratic function with its minimum, -2, at (0.3, -0.2)."""
    x, y = point[0] - 0.3, point[1] + 0.2
    return x * x + 2 * y * y + x * y - 2


def wave(point: Sequence[float]) -> float:
    """Return a function that is no quadratic, with its minimum, -1, at (0.5, 0.5)."""
    x, y = point
    return float(-np.cos(2 * (x - 0.5)) * np.cos(x - y))


def searched(
    search: Surrogate, function: Callable[[Sequence[float]], float], noise: float, seed: int = 1
) -> tuple[list[float], int]:
    """Return the point found, and the number of evaluations."""
    chance, known = np.random.default_rng(seed), list[tuple[list[float], Measured]]()
    while (position := search.after(known)).points:
        known += [
            (point, Measured(function(point) + noise * float(chance.normal()), noise))
            for point in position.points
        ]
    return position.found, len(known)


def test_a_quadratic_function_is_minimised_exactly() -> None:
    """Without noise the model is the function."""
    found, evaluations = searched(Surrogate([0.0, 0.0], 0.4, 12), bowl, 0.0)

    assert evaluations == 12
    assert found == pytest.approx([0.3, -0.2], abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_averaged(seed: int) -> None:
    """With an error of 0.05 for each value the function at the end is within 0.05 of the least."""
    found, _ = searched(Surrogate([0.0, 0.0], 0.3, 60), wave, 0.05, seed)

    assert wave(found) < -0.95


def test_a_saddle_is_left() -> None:
    """Where the model has no minimum the search goes to the edge of its radius."""
    found, _ = searched(Surrogate([0.0, 0.0], 0.1, 6), lambda p: p[0] - p[1] ** 2, 0.0)

    assert np.linalg.norm(found) == pytest.approx(0.1, abs=1e-6)


def test_what_does_not_fit_is_left_out() -> None:
    """No more values are asked for than allowed: whole steps alone."""
    assert searched(Surrogate([0.0, 0.0], 0.1, 17), bowl, 0.0)[1] == 12
    assert searched(Surrogate([0.0, 0.0], 0.1, 5), bowl, 0.0) == ([0.0, 0.0], 0)
