"""The picture of a search: every energy that was measured, and the exact one."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.ground_state_energy.search import Evaluation
from qjobs.drawing import page
from qjobs.drawing.estimates import Estimate, Line, estimates_chart
from qjobs.drawing.page import Series
from qjobs.methods.searching import Measured
from qjobs.methods.statistics import Interval, normal_interval

_DIGITS = 5


def picture(
    known: Sequence[Evaluation],
    answer: tuple[str, Measured, Interval],
    references: tuple[float, float],
) -> str:
    """Return the picture as SVG: the search from left to right, then the answer.

    *answer* has a name, *references* are the exact energy and that of the start.
    """
    name, energy, interval = answer
    exact, start = references
    searched = [_bar(number, one.energy) for number, one in enumerate(known, 1)]
    last = Estimate(len(known) + 1, energy.value, interval.lower, interval.upper)
    series = [(Series("energies of the search", page.BLUE), searched)] if searched else []
    series.append((Series(name, page.ORANGE, square=True), [last]))
    return estimates_chart(
        f"Ground state energy {energy.value:.{_DIGITS}g}, standard error {energy.error:.1g}",
        ("measured energies, one after the other (95 % intervals)", "energy"),
        series,
        [
            Line(Series(f"exact {exact:.{_DIGITS}g}", page.GREEN), exact),
            Line(Series(f"start {start:.{_DIGITS}g}", page.VIOLET), start),
        ],
    )


def _bar(number: int, energy: Measured) -> Estimate:
    interval = normal_interval(energy.value, energy.error)
    return Estimate(number, energy.value, interval.lower, interval.upper)
