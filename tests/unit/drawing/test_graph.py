"""A graph shows the two sides and the edges across."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from qjobs.drawing import page
from qjobs.drawing.graph import Edge, cut_graph

SVG = "{http://www.w3.org/2000/svg}"


def drawn(sides: list[int], edges: list[Edge], names: list[str] | None = None) -> ET.Element:
    """Return the image of a graph."""
    return ET.fromstring(
        cut_graph("A <graph>", names or list("abcdefghij")[: len(sides)], sides, edges)
    )


def lines(root: ET.Element) -> list[ET.Element]:
    """Return the edges."""
    return [one for one in root.iter(f"{SVG}path") if "L" in one.get("d", "")]


def test_edges_across_are_coloured() -> None:
    """The others are not, and there is a line for each."""
    root = drawn([0, 1, 1], [Edge(0, 1), Edge(1, 2), Edge(0, 2)])

    colours = [line.get("stroke") for line in lines(root)]
    assert sorted(map(str, colours)) == sorted([page.GREEN, page.GREEN, "None"])
    assert "edges across: 2 of 3" in {one.text for one in root.iter(f"{SVG}text")}


@pytest.mark.parametrize("sides", [[0, 0, 0], [0, 1, 1], [0, 1, 0, 1, 1, 1, 1, 1, 1, 1]])
def test_sides_are_left_and_right(sides: list[int]) -> None:
    """A vertex of side 0 is a circle in the left half, one of side 1 a square in the right."""
    root = drawn(sides, [Edge(0, 1)])

    circles = [float(one.get("cx", 0)) for one in root.iter(f"{SVG}circle") if one.get("r") == "9"]
    squares = [
        float(one.get("x", 0)) for one in root.iter(f"{SVG}rect") if one.get("width") == "18"
    ]
    assert len(circles) == sides.count(0)
    assert len(squares) == sides.count(1)
    assert all(x < 380 for x in circles)
    assert all(x > 371 for x in squares)


def test_weights_are_widths_with_numbers() -> None:
    """The heaviest is the widest, and negative ones are dashed."""
    root = drawn([0, 1, 1], [Edge(0, 1, 4.0), Edge(0, 2, -1.0)])

    heavy, light = sorted(lines(root), key=lambda one: -float(one.get("stroke-width", 0)))
    assert float(heavy.get("stroke-width", 0)) == 5
    assert light.get("stroke-dasharray")
    assert not heavy.get("stroke-dasharray")
    assert {"4", "-1"} <= {one.text for one in root.iter(f"{SVG}text")}


def test_names_stay_texts() -> None:
    """Markup is escaped, and a long name is cut."""
    root = drawn([0, 1], [Edge(0, 1)], ["<script>", "n" * 40])

    texts = [one.text or "" for one in root.iter(f"{SVG}text")]
    assert "<script>" in texts
    assert "n" * 17 + "…" in texts
