"""A Gantt chart shows each task on its machine, from its start to its end."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from qjobs.drawing import page
from qjobs.drawing.gantt import Row, Task, gantt_chart

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows: Row, reference: float = 4.0) -> ET.Element:
    """Return the image of a schedule."""
    return ET.fromstring(gantt_chart("<plan>", "minutes &", rows, (reference, "bound")))


def blocks(root: ET.Element) -> list[tuple[float, float, float]]:
    """Return left end, width and top of each task."""
    found = [one for one in root.iter(f"{SVG}rect") if one.get("height") == "34"]
    return [
        (float(one.get("x", 0)), float(one.get("width", 0)), float(one.get("y", 0)))
        for one in found
    ]


def test_blocks_are_as_long_as_their_tasks() -> None:
    """Those of a row are beside each other, those of another row below."""
    root = drawn(Row("A", [Task("a", 0, 2), Task("b", 2, 6)]), Row("B", [Task("c", 0, 2)]))

    (left, short, top), (beside, long, same), (start, equal, below) = blocks(root)
    assert long + 1 == pytest.approx(2 * (short + 1), abs=0.2)
    assert equal == short
    assert beside == pytest.approx(left + short + 1, abs=0.2)
    assert (start, same) == (left, top)
    assert below > top


def test_a_bound_is_a_line_with_its_name() -> None:
    """It is where its time is on the axis, beyond the last task too."""
    root = drawn(Row("A", [Task("a", 0, 2)]), reference=4)

    [line] = [one for one in root.iter(f"{SVG}path") if one.get("stroke") == page.RED]
    [(left, width, _)] = blocks(root)
    x = float(line.get("d", "").removeprefix("M").split()[0])
    assert x - left == pytest.approx(2 * (width + 1), abs=1.5)
    assert "bound" in {one.text for one in root.iter(f"{SVG}text")}


def test_names_are_texts_that_fit() -> None:
    """Markup is escaped; a name that is longer than its block is cut, and told in full."""
    long = "n" * 60
    root = drawn(Row("<A>", [Task("<b>", 0, 50), Task(long, 50, 60)]), Row(long, []), reference=100)

    texts = [one.text or "" for one in root.iter(f"{SVG}text")]
    assert {"<A>", "<b>", "<plan>", "minutes &"} <= set(texts)
    assert max(map(len, texts)) <= 20
    assert f"{long}: 50 to 60" in {one.text for one in root.iter(f"{SVG}title")}


def test_an_empty_schedule_is_an_image() -> None:
    """No tasks and no time do not break the scale."""
    assert blocks(drawn(Row("A", []), reference=0)) == []
