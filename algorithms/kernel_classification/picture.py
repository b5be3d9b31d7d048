"""The picture of a classification: decision values from one class to the other."""

from __future__ import annotations

import numpy as np

from algorithms.kernel_classification.data import Data
from qjobs.drawing import page
from qjobs.drawing.estimates import Estimate, Line, estimates_chart
from qjobs.drawing.page import Series

_LONGEST = 16


def picture(data: Data, values: np.ndarray, errors: np.ndarray, score: str) -> str:
    """Return the picture as SVG: the test points in the order of their decision values."""
    names: list[str | None] = [*data.classes, None]
    looks = [
        Series(f"is {_short(data.classes[0])}", page.BLUE),
        Series(f"is {_short(data.classes[1])}", page.ORANGE, square=True),
        Series("class not known", page.VIOLET),
    ]
    drawn: list[list[Estimate]] = [[], [], []]
    for place, index in enumerate(np.argsort(values), 1):
        value, error = float(values[index]), 2 * float(errors[index])
        series = names.index(data.known[index])
        drawn[series].append(Estimate(place, value, value - error, value + error))
    first, second = map(_short, data.classes)
    return estimates_chart(
        f"Points to classify: {score}",
        (
            "points by decision value (two standard errors)",
            f"below 0 {first}, above 0 {second}",
        ),
        [(look, points) for look, points in zip(looks, drawn, strict=True) if points],
        [Line(Series("boundary", page.GREEN), 0.0)],
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 2]}.."
