"""A chart of values with error bars along an axis, such as the steps of a search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH, _HEIGHT = 760, 420
_TOP, _BOTTOM, _RIGHT = 48, 316, 736


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the ends of its error bar."""

    x: float
    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Line:
    """A value that is drawn across the chart, with its place in the legend."""

    series: Series
    value: float


def estimates_chart(
    title: str,
    axes: tuple[str, str],
    estimates: Sequence[tuple[Series, Sequence[Estimate]]],
    lines: Sequence[Line] = (),
) -> str:
    """Return the chart as an SVG document.

    Args:
        title: over the chart
        axes: the names of the horizontal and the vertical axis
        estimates: of each series, in any order; there has to be one at least, or a line
        lines: such as an exact value

    """
    every = [one for _, values in estimates for one in values]
    y = Linear.around(
        [*(end for one in every for end in (one.lower, one.upper)), *(one.value for one in lines)]
    )
    x = Linear(
        min((one.x for one in every), default=0) - 0.5,
        max((one.x for one in every), default=1) + 0.5,
        least_step=1,
    )
    frame = Frame(page.left_of(y), _RIGHT, _TOP, _BOTTOM, x, y)
    parts = [*page.horizontal_axis(frame, axes[0]), *page.vertical_axis(frame, axes[1])]
    for line in lines:
        height = frame.at_y(line.value)
        look = f'stroke="{line.series.colour}" stroke-width="1.5" stroke-dasharray="5 4"'
        parts.append(f'<path d="M{frame.left:.1f} {height:.1f}H{frame.right:.1f}" {look}/>')
    for series, values in estimates:
        parts += (part for one in values for part in _drawn(frame, one, series))
    parts += page.legend(
        _HEIGHT - 28, [*(one for one, _ in estimates), *(one.series for one in lines)]
    )
    return page.svg(title, _WIDTH, _HEIGHT, parts)


def _drawn(frame: Frame, one: Estimate, series: Series) -> Iterator[str]:
    x = frame.at_x(one.x)
    low, high = frame.at_y(one.lower), frame.at_y(one.upper)
    caps = "".join(f"M{x - 3:.1f} {y:.1f}h6" for y in (low, high))
    yield (
        f'<path d="M{x:.1f} {high:.1f}V{low:.1f}{caps}" stroke="{series.colour}" '
        'stroke-width="1.5" fill="none"/>'
    )
    yield page.mark(x, frame.at_y(one.value), series, 3.5)
