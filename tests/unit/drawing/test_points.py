"""Points are where their values are on the axes, and intervals around them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from qjobs.drawing import page
from qjobs.drawing.page import Series
from qjobs.drawing.points import Axis, Point, points
from qjobs.drawing.scales import Linear, Logarithmic

NAME = "{http://www.w3.org/2000/svg}"
SERIES = [Series("error", page.BLUE), Series("limit", page.RED, square=True)]


def test_equal_ratios_are_equal_lengths_on_a_logarithmic_axis() -> None:
    """Three values a factor of ten apart are equally far from each other."""
    drawn = [Point(x, 10.0**-x) for x in (0, 1, 2)]
    image = points("t", (Axis("x", Linear(0, 2)), Axis("y", Logarithmic(-3, 0))), drawn, SERIES)

    marks = [one for one in ET.fromstring(image).iter(f"{NAME}circle") if one.get("r") == "4"]
    heights = [float(one.attrib["cy"]) for one in marks]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)
    assert heights[0] < heights[1]


def test_an_interval_is_drawn_around_its_point() -> None:
    """Its ends are below and above, as far as the axis says."""
    drawn = [Point(1, 0.5, (0.25, 0.75))]
    image = points("t", (Axis("x", Linear(0, 2)), Axis("y", Linear(0, 1))), drawn, SERIES)

    found = re.search(r'd="M[\d.]+ ([\d.]+)V([\d.]+)M', image)
    assert found
    low, high = map(float, found.groups())
    middle = next(one for one in ET.fromstring(image).iter(f"{NAME}circle") if one.get("r") == "4")
    assert float(middle.attrib["cy"]) == pytest.approx((low + high) / 2, abs=0.1)


def test_limits_and_series_are_named() -> None:
    """Names are texts, whatever is in them; no point is an empty plot."""
    image = points(
        "t", (Axis("x", Linear(0, 1)), Axis("y", Linear(0, 1))), [], SERIES, [(0.5, "<half>")]
    )

    texts = [one.text for one in ET.fromstring(image).iter(f"{NAME}text")]
    assert {"<half>", "error", "limit"} <= set(texts)
