"""The result of phase estimation: the phase, its error, and the evidence beside it."""

from __future__ import annotations

import cmath
from math import pi

import numpy as np

from algorithms.phase_estimation import picture
from algorithms.phase_estimation.robust import SIGNIFICANT, Estimate
from algorithms.phase_estimation.textbook import Reading
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.methods import evidence
from qjobs.methods.statistics import Interval, normal_interval

MOST_READINGS = 8
"""That are listed."""
_DEVIATIONS = 3
"""Standard errors within which the phase has to be."""


def of_tests(phase: float, bits: int, estimate: Estimate) -> JSONObject:
    """Return the result of the method Robust."""
    error, reached = estimate.standard_error, len(estimate.tests)
    difference = difference_of(estimate.phase, phase)
    if reached < bits:
        verified = evidence.not_verified(
            f"The readings are too noisy for the powers beyond 2^{reached - 1} of the gate: the "
            f"estimate is that of {reached} of {bits} bits."
        )
    elif abs(difference) > _DEVIATIONS * error:
        verified = evidence.not_verified(
            f"The phase of the matrix is {abs(difference) / error:.1f} standard errors away."
        )
    else:
        verified = evidence.verified(
            f"The phase of the matrix is {abs(difference) / error:.1f} standard errors away."
        )
    probability = estimate.probability
    return {
        **_common(phase, bits, "Robust", estimate.phase),
        "bitsReached": reached,
        "tests": [
            {
                "power": 1 << test.power,
                "phase": test.phase % 1,
                "standardError": test.error,
                "contrast": test.contrast,
            }
            for test in estimate.tests
        ],
        "consistency": {
            "chiSquare": estimate.chi_square,
            "degreesOfFreedom": reached - 1,
            "probability": probability,
            "outcome": "Consistent" if probability >= SIGNIFICANT else "Inconsistent",
        },
        "verified": verified,
        "uncertainty": evidence.uncertainty(normal_interval(estimate.phase % 1, error), error),
        "svg": picture.of_tests(phase, bits, estimate),
    }


def without_contrast(phase: float, bits: int) -> JSONObject:
    """Return the result if even the gate itself shows no phase: any is as good."""
    return {
        **_common(phase, bits, "Robust", 0.5),
        "bitsReached": 0,
        "tests": [],
        "verified": evidence.not_verified(
            "The readings have no contrast: they tell nothing of the phase, and 0.5 is a guess."
        ),
        "uncertainty": evidence.uncertainty(Interval(0.0, 1.0, 1.0)),
        "svg": picture.empty("No contrast: the phase may be any"),
    }


def of_a_reading(phase: float, bits: int, reading: Reading, counts: Counts) -> JSONObject:
    """Return the result of the method Textbook."""
    unit = 1 / (1 << bits)
    estimate = reading.value * unit
    away = abs(difference_of(estimate, phase)) / unit
    middle = (reading.lower + reading.upper) / 2 * unit
    inside = abs(difference_of(middle, phase)) <= (reading.upper - reading.lower) / 2 * unit
    interval = Interval(reading.lower * unit, reading.upper * unit)
    if not reading.above_chance:
        verified = evidence.not_verified(
            "Random readings have one that is as frequent: it tells nothing of the phase."
        )
        interval = Interval(0.0, 1.0, 1.0)
    elif inside:
        verified = evidence.verified(f"The phase of the matrix is {away:.2f} x 2^-{bits} away.")
    else:
        verified = evidence.not_verified(
            f"The phase of the matrix is {away:.2f} x 2^-{bits} away, outside of the interval."
        )
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    return {
        **_common(phase, bits, "Textbook", estimate),
        "bitsReached": bits if reading.above_chance else 0,
        "readings": [
            {
                "bits": one,
                "phase": int(one, 2) * unit,
                "count": count,
                "frequency": counts.frequency(one),
            }
            for one, count in ranked[:MOST_READINGS]
            if count
        ],
        "verified": verified,
        "uncertainty": evidence.uncertainty(interval),
        "svg": picture.of_readings(phase, bits, counts),
    }


def difference_of(estimate: float, phase: float) -> float:
    """Return how far an estimate is from a phase, the shorter way around the circle."""
    return (estimate - phase + 0.5) % 1 - 0.5


def _common(phase: float, bits: int, method: str, estimate: float) -> JSONObject:
    classical, comparison = evidence.compared(
        "Eigenvalues of the 2 x 2 matrix, by NumPy", lambda: _of_the_matrix(phase)
    )
    difference = difference_of(estimate, classical)
    return {
        "phase": estimate % 1,
        "bits": bits,
        "method": method,
        "error": {"value": difference, "inUnits": difference * (1 << bits)},
        "comparison": comparison,
        "baseline": evidence.baseline("Mean error of a phase that is drawn at random", 0.25),
    }


def _of_the_matrix(phase: float) -> float:
    """Return the phase of that eigenvalue whose eigenvector is |1>."""
    values, vectors = np.linalg.eig(np.diag([1, cmath.exp(2j * pi * phase)]))
    place = int(np.argmax(abs(vectors[1])))
    return float(cmath.phase(complex(values[place])) / (2 * pi) % 1)
