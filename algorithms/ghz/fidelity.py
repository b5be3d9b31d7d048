"""The fidelity of a GHZ state from counts.

With P the share of readings that are all alike and C the coherence between all zeros and all
ones (twice the real part of that element of the density matrix), the fidelity of a state of n
qubits is F = (P + C) / 2. C is the mean of the parities at the angles k pi / n for k from 0 to
n - 1, taken with alternating sign: every other element of the density matrix cancels, so that
nothing is assumed about the noise (Gühne et al., Phys. Rev. A 76, 030305, 2007). F above 1/2
needs entanglement of all qubits (Sackett et al., Nature 404, 256, 2000; Leibfried et al.,
Nature 438, 639, 2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.domain.algorithm import Counts

FEWEST_READINGS = 30
"""Readings of each circuit below which two standard errors are no rare chance.

Two qubits that both always read 0 have F = 1/2 without being entangled. From 10 readings of each
circuit they are taken for entangled in 4.4 % of the cases, from 30 on in less than 3 %.
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Populations:
    """How many readings are all zeros and all ones, of how many; at least one in all."""

    zeros: int
    ones: int
    total: int

    @classmethod
    def of(cls, counts: Counts, qubits: int) -> Populations:
        """Return those of *counts*, which holds at least one reading."""
        readings = counts.readings
        return cls(readings.get("0" * qubits, 0), readings.get("1" * qubits, 0), counts.total)

    @property
    def alike(self) -> Estimate:
        """The share of readings that are all zeros or all ones."""
        return _share(self.zeros + self.ones, self.total)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest fidelity of a state with exactly these populations.

        |C| / 2 is at most the geometric mean of the two populations, because a density matrix
        is positive. The greatest is the Hellinger fidelity of the readings with the ideal ones.
        """
        mean = (self.zeros + self.ones) / (2 * self.total)
        slack = math.sqrt(self.zeros * self.ones) / self.total
        return max(0.0, mean - slack), min(1.0, mean + slack)

    @property
    def classical_fidelity(self) -> Estimate:
        """The Hellinger fidelity of the readings with the ideal ones.

        By propagation of the multinomial errors, its variance is that of a share of its size.
        """
        value = self.bounds[1]
        return Estimate(value, _share(value * self.total, self.total).standard_error)


def parity(counts: Counts) -> Estimate:
    """Return the mean parity of *counts*: 1 if all readings have an even number of ones."""
    even = sum(count for bits, count in counts.readings.items() if bits.count("1") % 2 == 0)
    share = _share(even, counts.total)
    return Estimate(2 * share.value - 1, 2 * share.standard_error)


def coherence(parities: Sequence[Estimate]) -> Estimate:
    """Return C from the *parities* at the angles k pi / n, k from 0 to n - 1."""
    signed = sum((-1) ** k * estimate.value for k, estimate in enumerate(parities))
    error = math.hypot(*(estimate.standard_error for estimate in parities))
    return Estimate(signed / len(parities), error / len(parities))


def state_fidelity(alike: Estimate, coherence: Estimate) -> Estimate:
    """Return F = (P + C) / 2; chance may take it below 0, but not above 1."""
    error = math.hypot(alike.standard_error, coherence.standard_error)
    return Estimate((alike.value + coherence.value) / 2, error / 2)


def shows_entanglement(fidelity: Estimate, readings: int) -> bool:
    """Return whether F is above 1/2 by two standard errors, with *readings* of each circuit."""
    return readings >= FEWEST_READINGS and fidelity.value - 2 * fidelity.standard_error > 1 / 2


def _share(part: float, total: int) -> Estimate:
    """Return *part* of *total* as a share.

    The standard error is the deviation of the Beta distribution that a uniform prior leads to.
    Unlike the usual one it is never zero: a hundred good readings are no proof of perfection.
    """
    mean = (part + 1) / (total + 2)
    return Estimate(part / total, math.sqrt(mean * (1 - mean) / (total + 3)))
