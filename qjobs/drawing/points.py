"""Points of several series over a horizontal axis, with the interval of each and limits across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Scale

_WIDTH, _HEIGHT = 760, 360
_TOP, _BOTTOM = 44, 282
_CAP = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """The title of an axis, with its unit, and its scale."""

    title: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class Point:
    """A value, with its interval if it has one, and the place of its series in the legend."""

    x: float
    y: float
    interval: tuple[float, float] | None = None
    series: int = 0


def points(
    title: str,
    axes: tuple[Axis, Axis],
    drawn: Sequence[Point],
    series: Sequence[Series],
    limits: Sequence[tuple[float, str]] = (),
) -> str:
    """Return the plot as an SVG document.

    Args:
        title: over the plot
        axes: the horizontal and the vertical one
        drawn: the points
        series: names and looks of the series, in the legend below
        limits: heights with their names, drawn as lines across

    """
    across, up = axes
    frame = Frame(page.left_of(up.scale), _WIDTH - 24, _TOP, _BOTTOM, across.scale, up.scale)
    parts = [*page.vertical_axis(frame, up.title), *page.horizontal_axis(frame, across.title)]
    for height, name in limits:
        y = frame.at_y(height)
        look = f'stroke="{page.RED}" stroke-dasharray="4 3"'
        parts.append(f'<path d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}" {look}/>')
        parts.append(page.text(frame.right - 4, y - 5, name, "end", "note"))
    for point in drawn:
        parts += _drawn(frame, point, series[point.series])
    parts += page.legend(_HEIGHT - 18, series)
    return page.svg(title, _WIDTH, _HEIGHT, parts)


def _drawn(frame: Frame, point: Point, series: Series) -> Iterator[str]:
    x, y = frame.at_x(point.x), frame.at_y(point.y)
    if point.interval:
        low, high = (frame.at_y(end) for end in point.interval)
        caps = "".join(f"M{x - _CAP:.1f} {end:.1f}h{2 * _CAP}" for end in (low, high))
        look = f'stroke="{series.colour}" stroke-width="1.5" fill="none"'
        yield f'<path d="M{x:.1f} {low:.1f}V{high:.1f}{caps}" {look}/>'
    yield page.mark(x, y, series, 4)
