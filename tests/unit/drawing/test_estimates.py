"""A chart of estimates shows each where the axes say, with its error bar."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qjobs.drawing import page
from qjobs.drawing.estimates import Estimate, Line, estimates_chart
from qjobs.drawing.page import Series

NAME = "{http://www.w3.org/2000/svg}"
BLUE = Series("measured", page.BLUE)


def marks(image: str) -> list[tuple[float, float]]:
    """Return the places of the round marks of values, without that of the legend."""
    circles = ET.fromstring(image).iter(f"{NAME}circle")
    return [
        (float(one.get("cx", "0")), float(one.get("cy", "0")))
        for one in circles
        if one.get("r") == "3.5"
    ]


def test_places_are_in_the_ratio_of_the_values() -> None:
    """To the right and upwards, in equal steps."""
    estimates = [Estimate(x, 2.0 * x, 2.0 * x - 0.5, 2.0 * x + 0.5) for x in (1, 2, 3)]

    first, second, third = marks(estimates_chart("t", ("x", "y"), [(BLUE, estimates)]))

    assert abs((third[0] - second[0]) - (second[0] - first[0])) < 0.3
    assert abs((third[1] - second[1]) - (second[1] - first[1])) < 0.3
    assert third[1] < first[1]


def test_lines_are_named_and_texts_escaped() -> None:
    """An exact value has its line and its name in the legend."""
    line = Line(Series("exact <1>", page.GREEN), 1.0)
    image = estimates_chart("a & b", ("x", "<y>"), [(BLUE, [Estimate(1, 1, 1, 1)])], [line])

    texts = {one.text for one in ET.fromstring(image).iter(f"{NAME}text")}
    assert {"exact <1>", "a & b", "<y>", "measured"} <= texts
