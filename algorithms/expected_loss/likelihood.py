"""Maximum likelihood amplitude estimation, with the noise as a second parameter.

The counts of circuits with several powers of the Grover operator are explained together (Suzuki et
al., Quantum Information Processing 19, 75, 2020). Noise draws every share of ones towards one half:
by a factor exp(-decay (2 k + 1)), because a circuit with k operators has 2 k + 1 preparations
(Tanaka et al., Quantum Information Processing 20, 293, 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from qjobs.methods.statistics import Interval

_ANGLES, _ANGLES_WITH_NOISE = 40_001, 4_001
_DECAYS = 61
_LARGEST_DECAY = 1.5
_DROP = 1.92
"""Of the logarithm of the likelihood, at the ends of the 95 % interval (half of 3.84)."""
_LEAST = 1e-12
_UNLIKELY = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of one circuit."""

    power: int
    ones: int
    total: int


@dataclass(frozen=True, slots=True)
class Misread:
    """The rates of misreading the objective qubit."""

    one_for_zero: float = 0.0
    zero_for_one: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """The share of ones after the preparation alone, as all counts explain it."""

    share: float
    interval: Interval
    decay: float
    """Of the noise, for each preparation."""
    expected: list[float]
    """The share of ones of each circuit, by the fit."""
    probability: float | None
    """Of counts that fit as badly or worse, if the model is right; None without spare counts."""

    @property
    def is_good(self) -> bool:
        """Whether the counts are explained."""
        return self.probability is None or self.probability >= _UNLIKELY


def fitted(
    readings: Sequence[Reading], *, noisy: bool = False, misread: Misread | None = None
) -> Fit:
    """Return the fit to the counts of circuits, whose powers differ.

    Where the counts are not explained, the drop of the likelihood is scaled by chi square over
    degrees of freedom, which widens the interval.
    """
    angles = np.linspace(0, np.pi / 2, _ANGLES_WITH_NOISE if noisy else _ANGLES)
    decays = np.linspace(0, _LARGEST_DECAY, _DECAYS) ** 2 if noisy else np.zeros(1)
    likelihood = sum(
        (
            _log_likelihood(one, _shares(angles, decays, one.power, misread or Misread()))
            for one in readings
        ),
        np.zeros((len(decays), len(angles))),
    )
    place = np.unravel_index(int(np.argmax(likelihood)), likelihood.shape)
    angle, decay = angles[place[1]], decays[place[0]]
    expected = [
        float(_shares(np.array([angle]), np.array([decay]), one.power, misread or Misread())[0, 0])
        for one in readings
    ]
    spare = len(readings) - 1 - noisy
    statistic = _chi_square(readings, expected)
    probability = float(special.gammaincc(spare / 2, statistic / 2)) if spare > 0 else None
    scale = max(1.0, statistic / spare) if spare > 0 else 1.0
    profile = likelihood.max(axis=0)
    inside = np.flatnonzero(profile >= profile.max() - _DROP * scale)
    step = angles[1] - angles[0]
    # The ends are between two angles of the grid: the outer one counts.
    low = max(angles[inside[0]] - step, 0.0)
    high = min(angles[inside[-1]] + step, np.pi / 2)
    return Fit(
        float(np.sin(angle) ** 2),
        Interval(float(np.sin(low) ** 2), float(np.sin(high) ** 2)),
        float(decay),
        expected,
        probability,
    )


def _shares(angles: np.ndarray, decays: np.ndarray, power: int, misread: Misread) -> np.ndarray:
    """Return the probability of reading a 1, of shape (decays, angles)."""
    uses = 2 * power + 1
    true = (1 - np.exp(-decays * uses)[:, None] * np.cos(2 * uses * angles)[None, :]) / 2
    return misread.one_for_zero + (1 - misread.one_for_zero - misread.zero_for_one) * true


def _log_likelihood(one: Reading, shares: np.ndarray) -> np.ndarray:
    bounded = np.clip(shares, _LEAST, 1 - _LEAST)
    return np.asarray(one.ones * np.log(bounded) + (one.total - one.ones) * np.log1p(-bounded))


def _chi_square(readings: Sequence[Reading], expected: Sequence[float]) -> float:
    """Return the sum of squared differences in standard errors, at least those of one reading."""
    total = 0.0
    for one, share in zip(readings, expected, strict=True):
        variance = max(share * (1 - share) / one.total, 1 / one.total**2)
        total += (one.ones / one.total - share) ** 2 / variance
    return total
