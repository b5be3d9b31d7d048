"""A histogram over whole numbers: a column for each, and where theory has their tops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH, _HEIGHT = 760, 340
_TOP, _BOTTOM = 44, 262
_GAP = 0.15
"""Of the width of a column, left free."""
_THINNEST = 1.2


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a series: their heights by value; the rest is zero."""

    series: Series
    shares: Mapping[int, float]


def histogram(
    title: str,
    axes: tuple[str, str],
    values: int,
    columns: Sequence[Columns],
    expected: tuple[Mapping[int, float], str] | None = None,
) -> str:
    """Return the histogram as an SVG document.

    Args:
        title: over the columns
        axes: names of the horizontal and the vertical axis
        values: the columns are those of 0 to *values* - 1
        columns: of each series; their names are below the chart
        expected: heights by value that theory has, drawn as circles, and their name

    """
    tops = [height for one in columns for height in one.shares.values()]
    tops += expected[0].values() if expected else []
    scale = Linear(0.0, 1.08 * max(tops, default=0.0) or 1.0, most_ticks=5)
    frame = Frame(
        page.left_of(scale),
        _WIDTH - 24,
        _TOP,
        _BOTTOM,
        Linear(-0.5, values - 0.5, "", 10, 1),
        scale,
    )
    parts = [*page.vertical_axis(frame, axes[1]), *page.horizontal_axis(frame, axes[0])]
    for one in columns:
        parts += _columns(frame, one)
    names = [Series(one.series.name, one.series.colour, square=True) for one in columns]
    if expected:
        heights, name = expected
        ring = f'r="3.2" fill="none" stroke="{page.ORANGE}" stroke-width="1.4"'
        parts += [
            f'<circle cx="{frame.at_x(value):.1f}" cy="{frame.at_y(height):.1f}" {ring}/>'
            for value, height in heights.items()
        ]
        names.append(Series(name, page.ORANGE))
    parts += page.legend(_HEIGHT - 18, names)
    return page.svg(title, _WIDTH, _HEIGHT, parts)


def _columns(frame: Frame, columns: Columns) -> Iterator[str]:
    one = frame.at_x(1) - frame.at_x(0)
    width = max(one * (1 - _GAP), _THINNEST)
    for value, share in columns.shares.items():
        x, y = frame.at_x(value) - width / 2, frame.at_y(share)
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{frame.bottom - y:.1f}"'
        yield f'<rect {place} class="column" fill="{columns.series.colour}"/>'
