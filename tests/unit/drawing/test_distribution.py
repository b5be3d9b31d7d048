"""Two distributions are drawn on the same scale."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qjobs.drawing import page
from qjobs.drawing.distribution import Mark, distributions

SVG = "{http://www.w3.org/2000/svg}"


def drawn(measured: list[tuple[float, float]], chance: list[tuple[float, float]]) -> ET.Element:
    """Return the image of two distributions."""
    return ET.fromstring(
        distributions(
            "Values", "value <", ("read & kept", measured), ("by chance", chance), Mark(0, "best")
        )
    )


def heights(root: ET.Element) -> list[float]:
    """Return the heights of the bars."""
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("fill") == page.BLUE]
    return [float(one.get("height", 0)) for one in bars if one.get("width") != "10"]


def test_bars_are_in_the_ratio_of_the_shares() -> None:
    """A value that comes several times is one bar."""
    root = drawn([(0, 0.25), (24, 0.5), (0, 0.25), (12, 0.25)], [(12, 1.0)])

    bars = heights(root)
    assert len(bars) == 25
    assert abs(bars[0] - bars[24]) < 0.2
    assert abs(bars[0] - 2 * bars[12]) < 0.2


def test_names_are_shown() -> None:
    """Both distributions, the axis and the mark, as they are written."""
    texts = {one.text for one in drawn([(1, 1)], [(3, 1)]).iter(f"{SVG}text")}

    assert {"Values", "value <", "read & kept", "by chance", "best"} <= texts


def test_one_value_is_an_image() -> None:
    """Equal values do not break the scale."""
    assert max(heights(drawn([(0, 1)], [(0, 1)]))) > 100
