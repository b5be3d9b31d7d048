"""Energies of rotations are minimised angle by angle, from their values alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qjobs.methods.rotosolve import Rotosolve
from qjobs.methods.searching import Measured


def sinusoid(angles: Sequence[float]) -> float:
    """Return an energy with its minimum, -3, at an angle of 0.7."""
    return -1 - 2 * math.cos(angles[0] - 0.7)


def coupled(angles: Sequence[float]) -> float:
    """Return a sinusoid of each of three angles, whose minimum is -3."""
    a, b, c = angles
    return -math.cos(a - b) - math.cos(b - c) - math.cos(c - 0.5)


def searched(
    search: Rotosolve, energy: Callable[[Sequence[float]], float], noise: float = 0.0
) -> tuple[list[float], list[Measured]]:
    """Return the angles found and all evaluations; the known ones go through JSON each time."""
    chance, known = np.random.default_rng(3), list[Measured]()
    while (position := search.after(known)).points:
        known += [
            Measured(energy(point) + noise * float(chance.normal()), noise)
            for point in position.points
        ]
        known = [
            Measured(*one) for one in json.loads(json.dumps([[k.value, k.error] for k in known]))
        ]
    return position.found, known


@pytest.mark.parametrize("start", [0.0, 0.7, -3.0, 100.0])
def test_one_angle_takes_three_values(start: float) -> None:
    """The minimum of a sinusoid is found wherever the search begins."""
    found, known = searched(Rotosolve([start], 40), sinusoid)

    assert len(known) == 3
    assert sinusoid(found) == pytest.approx(-3, abs=1e-9)


def test_angles_that_depend_on_each_other_are_swept_again() -> None:
    """Sweeps go on until none moves an angle, or the evaluations are used up."""
    found, known = searched(Rotosolve([2.0, -1.0, 0.3], 100), coupled)

    assert len(known) <= 100
    assert coupled(found) == pytest.approx(-3, abs=0.01)


def test_a_turn_that_does_not_fit_is_left_out() -> None:
    """The evaluations allowed are never exceeded, and nothing is asked for in vain."""
    for most in range(3, 12):
        _, known = searched(Rotosolve([2.0, -1.0, 0.3], most), coupled)
        assert len(known) <= most


def test_an_angle_that_makes_no_difference_stays() -> None:
    """It is tried once; a maximum is left, though its slope is zero as well."""
    found, known = searched(Rotosolve([0.5, 0.2], 40), lambda angles: -math.cos(angles[1]))
    assert found[0] == 0.5
    assert found[1] == pytest.approx(0)
    assert len(known) < 40

    found, _ = searched(Rotosolve([0.7 + math.pi], 40), sinusoid)
    assert sinusoid(found) == pytest.approx(-3)


def test_noise_is_borne() -> None:
    """With errors of a tenth the energy is near its minimum."""
    found, _ = searched(Rotosolve([2.0, -1.0, 0.3], 60), coupled, noise=0.1)

    assert coupled(found) < -2.8


def test_without_angles_there_is_nothing_to_search() -> None:
    """A state without angles is found at once."""
    assert Rotosolve([], 40).after([]).points == []
