"""A graph with its vertices on two sides, and the edges across."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Series

_WIDTH, _HEIGHT = 760, 540
_CENTRE, _RADIUS = (380, 262), 190
_GAP = 0.5
"""Between the two sides, in radians at the top and at the bottom."""
_LONGEST_NAME = 18
_THINNEST, _THICKEST = 1.0, 5.0
_MOST_WEIGHTS = 30
"""Edges, beyond which their weights would cover each other."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two vertices, by their places in the list."""

    first: int
    second: int
    weight: float = 1.0


def cut_graph(title: str, names: Sequence[str], sides: Sequence[int], edges: Sequence[Edge]) -> str:
    """Return the graph as an SVG document: side 0 on the left, side 1 on the right.

    Edges across are coloured, the others are grey; the thicker, the larger their weight is in
    absolute terms. Negative ones are dashed.

    Args:
        title: over the graph
        names: of the vertices
        sides: of each vertex, 0 or 1
        edges: between them

    """
    places = _places(sides)
    weights = [abs(edge.weight) for edge in edges]
    largest = max(weights, default=1.0) or 1.0
    weighted = len({edge.weight for edge in edges}) > 1 and len(edges) <= _MOST_WEIGHTS
    parts: list[str] = []
    # Edges across are drawn over the others.
    for edge in sorted(edges, key=lambda one: sides[one.first] != sides[one.second]):
        across = sides[edge.first] != sides[edge.second]
        thick = _THINNEST + (_THICKEST - _THINNEST) * abs(edge.weight) / largest
        parts.append(_line(places, edge, across=across, thick=thick if weighted else 2.0))
    if weighted:
        parts += [_weight(places, edge) for edge in edges]
    for vertex, name in enumerate(names):
        parts += _vertex(places[vertex], name, sides[vertex])
    cut = sum(sides[edge.first] != sides[edge.second] for edge in edges)
    legend = [
        Series(f"first side: {sides.count(0)}", page.BLUE),
        Series(f"second side: {sides.count(1)}", page.ORANGE, square=True),
        Series(f"edges across: {cut} of {len(edges)}", page.GREEN),
    ]
    return page.svg(title, _WIDTH, _HEIGHT, [*parts, *page.legend(_HEIGHT - 22, legend)])


def _places(sides: Sequence[int]) -> Mapping[int, tuple[float, float]]:
    """Return the places of the vertices on a circle, each side on its half."""
    places = {}
    for side, middle in ((0, math.pi), (1, 0.0)):
        members = [vertex for vertex, own in enumerate(sides) if own == side]
        length = math.pi - _GAP
        for number, vertex in enumerate(members):
            # From the top to the bottom on either side.
            way = (number + 0.5) / len(members) - 0.5
            angle = middle + (-way if side == 0 else way) * length
            x, y = math.cos(angle), math.sin(angle)
            places[vertex] = (_CENTRE[0] + _RADIUS * x * 1.35, _CENTRE[1] + _RADIUS * y)
    return places


def _line(
    places: Mapping[int, tuple[float, float]], edge: Edge, *, across: bool, thick: float
) -> str:
    (x1, y1), (x2, y2) = places[edge.first], places[edge.second]
    look = f'stroke="{page.GREEN}"' if across else 'class="axis" opacity="0.45"'
    dashed = ' stroke-dasharray="6 4"' if edge.weight < 0 else ""
    way = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    return f'<path d="{way}" {look} stroke-width="{thick:.2f}"{dashed}/>'


def _weight(places: Mapping[int, tuple[float, float]], edge: Edge) -> str:
    (x1, y1), (x2, y2) = places[edge.first], places[edge.second]
    # Not in the middle, where edges of opposite vertices cross.
    x, y = x1 + 0.3 * (x2 - x1), y1 + 0.3 * (y2 - y1)
    return page.text(x, y - 3, f"{edge.weight:.4g}", "middle", "note")


def _vertex(place: tuple[float, float], name: str, side: int) -> Iterator[str]:
    x, y = place
    colour = page.ORANGE if side else page.BLUE
    yield page.mark(x, y, Series("", colour, square=bool(side)), 9)
    label = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    yield page.text(x + (16 if side else -16), y + 4, label, "start" if side else "end", "text")
