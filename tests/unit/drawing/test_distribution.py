"""Two histograms are drawn on the same scale."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from qjobs.drawing import page
from qjobs.drawing.distribution import Histogram, Mark, distributions

SVG = "{http://www.w3.org/2000/svg}"


def drawn(measured: list[float], chance: list[float], mark: float = 0.0) -> ET.Element:
    """Return the image of two histograms from -1 to 1."""
    histograms = (Histogram("read & kept", measured), Histogram("by chance", chance))
    return ET.fromstring(distributions("<V>", "value <", (-1, 1), histograms, Mark(mark, "best")))


def bars(root: ET.Element) -> list[tuple[float, float]]:
    """Return the middles and the heights of the bars."""
    found = [one for one in root.iter(f"{SVG}rect") if one.get("fill") == page.BLUE]
    return [
        (float(one.get("x", 0)) + float(one.get("width", 0)) / 2, float(one.get("height", 0)))
        for one in found
        if one.get("width") != "10"
    ]


def test_bars_are_in_the_ratio_of_the_shares() -> None:
    """Each at the middle of its bin."""
    (left, low), (_, middle), (right, high) = bars(drawn([0.25, 0.5, 0.25], [0.2, 0.2, 0.6]))

    assert low == pytest.approx(high)
    assert middle == pytest.approx(2 * low, abs=0.2)
    assert left < right


@pytest.mark.parametrize(("value", "place"), [(-1, 0), (0, 1), (1, 2)])
def test_the_mark_is_where_its_bin_is(value: float, place: int) -> None:
    """The least value is in the middle of the first bin."""
    root = drawn([0.3, 0.3, 0.4], [0.1, 0.1, 0.8], value)

    [line] = [one for one in root.iter(f"{SVG}path") if one.get("stroke") == page.RED]
    x = float(line.get("d", "").removeprefix("M").split()[0])
    assert x == pytest.approx(bars(root)[place][0], abs=0.2)


def test_names_are_shown() -> None:
    """Both histograms, the axis and the mark, as they are written."""
    texts = {one.text for one in drawn([1, 0], [0, 1]).iter(f"{SVG}text")}

    assert {"<V>", "value <", "read & kept", "by chance", "best"} <= texts
