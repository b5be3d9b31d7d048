"""The phase from Hadamard tests of the powers of a gate, without a Fourier transform.

Kimmel, Low and Yoder, Phys. Rev. A 92, 062315 (2015): the test of the power 2^k tells the phase up
to multiples of 2^-k, and the tests before say which. In the end all tests are combined by their
variances, which makes the standard error smaller by 13 % than that of the last one. Noise that
lowers the contrast makes it larger, but moves nothing. Zeros and ones that are misread unequally
often, by d, turn a test by up to sqrt(2) d radians.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, hypot, pi, sqrt

from scipy import special

from qjobs.domain.algorithm import Counts
from qjobs.methods.statistics import share_error

LARGEST_ERROR = 0.25
"""Standard error in radians of a test up to which it is used.

Coins have a smaller one once in 3,000 times. The multiple is taken wrongly if the error of a test
and twice that of the one before are beyond half a turn together, which then is more than five
standard deviations.
"""
SIGNIFICANT = 0.001
"""Probability below which the tests contradict each other."""


@dataclass(frozen=True, slots=True)
class Test:
    """A power of the gate, with the estimate of the phase of its Hadamard test."""

    power: int
    """The exponent of 2."""
    phase: float
    """The multiple of 2^-power is that next to the estimate before; may be beyond 0 and 1."""
    error: float
    """Standard error of the phase."""
    contrast: float
    """1 without noise, 0 if the readings are coins."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The combined estimate of the tests up to the last one whose contrast suffices."""

    tests: Sequence[Test]
    phase: float
    error: float
    chi_square: float
    """Of the tests about the estimate."""

    @property
    def probability(self) -> float:
        """The probability of tests that are as far from each other, if only chance moves them."""
        freedom = len(self.tests) - 1
        return float(special.chdtrc(freedom, self.chi_square)) if freedom > 0 else 1.0

    @property
    def standard_error(self) -> float:
        """The standard error, made larger if the tests contradict each other.

        By the root of chi-square per degree of freedom, as the Particle Data Group does for
        measurements that disagree.
        """
        if self.probability >= SIGNIFICANT:
            return self.error
        return self.error * sqrt(self.chi_square / (len(self.tests) - 1))


def estimate(outcomes: Sequence[Counts]) -> Estimate | None:
    """Return the phase by the readings of `hadamard_tests`; None if no test has any contrast."""
    tests: list[Test] = []
    for power, pair in enumerate(zip(outcomes[::2], outcomes[1::2], strict=True)):
        angle, error, contrast = _angle(*pair)
        if error > LARGEST_ERROR:
            break
        unit = 1 / (1 << power)
        phase = angle / (2 * pi) * unit
        if tests:
            phase += unit * round((tests[-1].phase - phase) / unit)
        tests.append(Test(power, phase, error / (2 * pi) * unit, contrast))
    return _combined(tests) if tests else None


def _angle(cosine: Counts, sine: Counts) -> tuple[float, float, float]:
    """Return the angle in radians, its standard error, and the contrast."""
    (x, dx), (y, dy) = (_difference(counts) for counts in (cosine, sine))
    contrast = hypot(x, y)
    error = hypot(x * dy, y * dx) / contrast**2 if contrast else pi
    return atan2(y, x), error, min(contrast, 1.0)


def _difference(counts: Counts) -> tuple[float, float]:
    """Return the share of zeros less that of ones, and its standard error."""
    zeros = counts.readings.get("0", 0)
    return 2 * zeros / counts.total - 1, 2 * share_error(zeros, counts.total)


def _combined(tests: Sequence[Test]) -> Estimate:
    weights = [1 / test.error**2 for test in tests]
    sums = sum(weight * test.phase for weight, test in zip(weights, tests, strict=True))
    mean = sums / sum(weights)
    chi_square = sum(((test.phase - mean) / test.error) ** 2 for test in tests)
    return Estimate(tests, mean, 1 / sqrt(sum(weights)), chi_square)
