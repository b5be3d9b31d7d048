"""A bar chart shows each value where the axis says it is."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qjobs.drawing import page
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.drawing.page import Series

NAME = "{http://www.w3.org/2000/svg}"


def bars_of(image: str) -> list[float]:
    """Return the widths of the bars."""
    rows = [one for one in ET.fromstring(image).iter(f"{NAME}rect") if one.get("height") == "16"]
    return [float(row.get("width", "0")) for row in rows]


def test_lengths_are_in_the_ratio_of_the_values() -> None:
    """Twice the value is twice as long, below zero too."""
    first, second, third = bars_of(
        bar_chart("Shares", "share", [Bar("a", 0.2, 0.01), Bar("b", 0.4), Bar("c", -0.2)])
    )

    assert abs(second - 2 * first) < 0.3
    assert abs(third - first) < 0.3


def test_texts_of_callers_stay_texts() -> None:
    """Labels are escaped, and long ones are shortened in the middle."""
    image = bar_chart("<b>", "&", [Bar("<script>", 1.0), Bar("0" * 60 + "1", 0.5)])

    texts = [one.text or "" for one in ET.fromstring(image).iter(f"{NAME}text")]
    assert "<script>" in texts
    assert max(map(len, texts)) < 40


def test_a_reference_and_a_legend_are_named() -> None:
    """What chance would give has a line and a name; the series have theirs below."""
    image = bar_chart(
        "t", "x", [Bar("a", 1.0)], [Series("solutions", page.GREEN)], (0.25, "by chance")
    )

    texts = [one.text for one in ET.fromstring(image).iter(f"{NAME}text")]
    assert {"by chance", "solutions"} <= set(texts)


def test_an_empty_chart_is_an_image() -> None:
    """No bars and zeros do not break the scale."""
    assert bars_of(bar_chart("t", "x", [])) == []
    assert bars_of(bar_chart("t", "x", [Bar("a", 0.0)])) == [0.0]
