"""The chart of readings shows shares, errors, exact values and chance."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qjobs.drawing.readings import Reading, readings_chart

NAME = "{http://www.w3.org/2000/svg}"


def texts_of(image: str) -> set[str]:
    """Return the texts of an image."""
    return {one.text or "" for one in ET.fromstring(image).iter(f"{NAME}text")}


def test_bars_are_in_the_ratio_of_the_shares() -> None:
    """The rest is a bar of its own."""
    image = readings_chart("t", [Reading("00", 0.5, 0.01), Reading("11", 0.25, 0.01)], 0.25, 0.25)

    rows = [one for one in ET.fromstring(image).iter(f"{NAME}rect") if one.get("height") == "14"]
    first, second, rest = (float(row.get("width", "0")) for row in rows)
    assert abs(first - 2 * second) < 0.3
    assert abs(second - rest) < 0.3
    assert "all others" in texts_of(image)


def test_exact_values_have_a_legend() -> None:
    """Where none is known, there is none."""
    with_exact = readings_chart("t", [Reading("0", 0.5, 0.01, 0.5)], 0.5, 0.5)

    assert "exact" in texts_of(with_exact)
    assert "exact" not in texts_of(readings_chart("t", [Reading("0", 0.5, 0.01)], 0.5, 0.5))


def test_names_of_callers_stay_texts() -> None:
    """They are escaped, and long readings are shortened in the middle."""
    image = readings_chart("<script>", [Reading("0" * 128, 1.0, 0.01)], 0.0, 0.0)

    assert "<script>" in texts_of(image)
    assert max(map(len, texts_of(image))) < 50
