"""A histogram has each column where its value is, as high as its share."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from qjobs.drawing import page
from qjobs.drawing.columns import Columns, histogram
from qjobs.drawing.page import Series

NAME = "{http://www.w3.org/2000/svg}"
READ = Series("read", page.BLUE)


def columns_of(image: str) -> list[tuple[float, float]]:
    """Return the middle and the height of each column."""
    every = ET.fromstring(image).iter(f"{NAME}rect")
    return [
        (float(one.attrib["x"]) + float(one.attrib["width"]) / 2, float(one.attrib["height"]))
        for one in every
        if one.get("class") == "column"
    ]


@pytest.mark.parametrize("values", [4, 64, 4096])
def test_places_and_heights_are_in_the_ratio_of_the_data(values: int) -> None:
    """A share of one half is twice as high as a quarter, and the middle is in the middle."""
    shares = {0: 0.5, values // 2: 0.25, values - 1: 0.25}
    first, second, last = columns_of(histogram("t", ("x", "y"), values, [Columns(READ, shares)]))

    assert first[1] == pytest.approx(2 * second[1], abs=0.2)
    share = (second[0] - first[0]) / (last[0] - first[0])
    assert share == pytest.approx((values // 2) / (values - 1), abs=0.01)


def test_theory_is_drawn_where_its_values_are() -> None:
    """A circle of the same height is on the top of its column."""
    image = histogram("t", ("x", "y"), 8, [Columns(READ, {3: 0.4})], ({3: 0.4}, "theory"))

    tree = ET.fromstring(image)
    (column,) = (one for one in tree.iter(f"{NAME}rect") if one.get("class") == "column")
    circle = next(one for one in tree.iter(f"{NAME}circle") if one.get("fill") == "none")
    assert float(circle.attrib["cy"]) == pytest.approx(float(column.attrib["y"]), abs=0.1)
    assert "theory" in [one.text for one in tree.iter(f"{NAME}text")]


def test_an_empty_histogram_is_an_image() -> None:
    """Without any share there are axes alone, and names are escaped."""
    image = histogram("<b>", ("&", "y"), 2, [Columns(READ, {})])

    assert columns_of(image) == []
    assert "<b>" in [one.text for one in ET.fromstring(image).iter(f"{NAME}text")]
