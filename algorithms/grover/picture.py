"""The picture of a search: the most frequent readings, solutions apart from the others."""

from __future__ import annotations

from collections.abc import Sequence

from qjobs.domain.algorithm import JSONObject
from qjobs.drawing import page
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.drawing.page import Series
from qjobs.methods.statistics import share_error

_SERIES = (
    Series("solution", page.GREEN, square=True),
    Series("no solution", page.ORANGE, square=True),
)


def picture(variables: int, readings: Sequence[JSONObject], random_share: float, title: str) -> str:
    """Return the chart of readings, most frequent first; without any, the share of solutions."""
    if not readings:
        bar = Bar("every assignment", random_share, note=f"{random_share:.0%} solutions")
        return bar_chart(title, "share of solutions", [bar], _SERIES)
    bars = [
        Bar(
            f"{reading['bits']} = {reading['number']}",
            reading["frequency"],
            share_error(reading["count"], round(reading["count"] / reading["frequency"])),
            0 if reading["solution"] else 1,
            f"{reading['frequency']:.3f}",
        )
        for reading in readings
    ]
    axis = f"share of the readings (variable {variables} first)"
    return bar_chart(title, axis, bars, _SERIES, (1 / (1 << variables), "each, by chance"))
