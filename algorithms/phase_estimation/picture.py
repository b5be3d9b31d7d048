"""The pictures of phase estimation: the error of each test, or the readings beside theory."""

from __future__ import annotations

import math

from algorithms.phase_estimation.robust import Estimate
from qjobs.domain.algorithm import Counts
from qjobs.drawing import page
from qjobs.drawing.columns import Columns, histogram
from qjobs.drawing.page import Series
from qjobs.drawing.points import Axis, Point, points
from qjobs.drawing.scales import Linear, Logarithmic

_TESTS = (
    Series("test of a power, with its standard error", page.BLUE),
    Series("all of them together", page.GREEN, square=True),
)
_MOST_CIRCLES = 40
_SMALL = 1e-3
"""Share of readings below which theory is not drawn."""


def of_tests(phase: float, bits: int, estimate: Estimate) -> str:
    """Return the error of each test and of the whole, in units of 2^-bits, on both sides of zero.

    The vertical axis is linear where an error is below a tenth of a unit, and logarithmic beyond.
    """
    drawn = [(float(test.power), test.phase, test.error, 0) for test in estimate.tests]
    drawn.append((float(bits), estimate.phase, estimate.standard_error, 1))
    unit = 1 / (1 << bits)
    shown = []
    for x, value, error, series in drawn:
        away = abs((value - phase + 0.5) % 1 - 0.5)
        least, most = 1e-4, away + error
        shown.append(
            Point(
                x, max(away / unit, least), (max((away - error) / unit, least), most / unit), series
            )
        )
    top = max(point.interval[1] for point in shown if point.interval)
    scale = Logarithmic(-4, max(0, math.ceil(math.log10(top))))
    across = Linear(-0.5, bits + 0.5, "", bits + 1, 1)
    return points(
        f"Phase {estimate.phase % 1:.6f} within {estimate.standard_error:.1g}",
        (
            Axis("exponent k of the power 2^k of the gate; last: all", across),
            Axis(f"error / 2^-{bits}", scale),
        ),
        shown,
        _TESTS,
        [(0.5, "half a unit: the textbook's resolution")],
    )


def of_readings(phase: float, bits: int, counts: Counts) -> str:
    """Return the histogram of the readings, with the shares of theory."""
    read = {int(bits_, 2): counts.frequency(bits_) for bits_ in counts.readings}
    theory = {value: _probability(phase, bits, value) for value in range(1 << bits)}
    kept = sorted(theory, key=lambda value: -theory[value])[:_MOST_CIRCLES]
    return histogram(
        f"Readings of {bits} bits; the phase is {phase:g}",
        (f"reading, in units of 2^-{bits}", "share"),
        1 << bits,
        [Columns(Series("read", page.BLUE), read)],
        ({value: theory[value] for value in kept if theory[value] > _SMALL}, "without noise"),
    )


def empty(title: str) -> str:
    """Return an image of the title alone."""
    return page.svg(title, 760, 60, [])


def _probability(phase: float, bits: int, value: int) -> float:
    """Return the probability of a reading without noise (Cleve et al. 1998, equation 2)."""
    size = 1 << bits
    away = math.pi * (phase - value / size)
    if abs(math.sin(away)) < 1e-12:  # noqa: PLR2004 - it is the phase itself
        return 1.0
    return float((math.sin(size * away) / (size * math.sin(away))) ** 2)
