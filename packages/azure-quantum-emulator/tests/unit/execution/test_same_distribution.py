from __future__ import annotations

import numpy as np
import pytest

from emulator_support.same_distribution import p_value

DRAWS = 500


def draws(seed: int, *shares: float) -> list[int]:
    """Return draws of outcomes with these probabilities."""
    outcomes = np.random.default_rng(seed).choice(len(shares), DRAWS, p=shares)
    return [int(outcome) for outcome in outcomes]


def test_false_alarms_are_as_frequent_as_promised() -> None:
    """Of 2000 equal pairs at level 5% 100 alarm, give or take five standard deviations of 9.7."""
    shares = (0.5, 0.3, 0.19, 0.01)
    alarms = sum(
        p_value(draws(2 * n, *shares), draws(2 * n + 1, *shares)) < 0.05 for n in range(2000)
    )
    assert 51 <= alarms <= 149


@pytest.mark.parametrize("other", [(0.3, 0.7), (0.5, 0.3, 0.2)])
def test_different_distributions_are_told_apart(other: tuple[float, ...]) -> None:
    """A share that differs by a fifth is noticed in 500 draws at a level of 10^-5."""
    assert p_value(draws(1, 0.5, 0.5), draws(2, *other)) < 1e-5


def test_constants_have_to_be_equal() -> None:
    """A constant agrees with itself and with nothing else, however many draws there are."""
    assert p_value([0] * DRAWS, [0]) == 1.0
    assert p_value([0] * DRAWS, [1] * DRAWS) < 1e-9
