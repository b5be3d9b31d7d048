"""Two histograms of the same value over each other: measured, and by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH, _HEIGHT = 760, 400
_TOP, _BOTTOM = 56, 310


@dataclass(frozen=True, slots=True)
class Histogram:
    """Shares by equal bins, the first and the last in the middle of which are the ends."""

    name: str
    shares: Sequence[float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with a name, drawn as a line through the plot."""

    value: float
    name: str


def distributions(
    title: str,
    axis: str,
    ends: tuple[float, float],
    histograms: tuple[Histogram, Histogram],
    mark: Mark,
) -> str:
    """Return two histograms with the same bins, at least two, as an SVG document.

    Args:
        title: over the plot
        axis: the name of the value
        ends: the least and the greatest value, which differ
        histograms: the first is drawn as bars, the second as steps
        mark: a value, such as the best one possible

    """
    bars, steps = histograms
    low, high = ends
    width = (high - low) / (len(bars.shares) - 1)
    top = max(*bars.shares, *steps.shares) or 1.0
    x = Linear(low - width, high + width)
    frame = Frame(70, _WIDTH - 24, _TOP, _BOTTOM, x, Linear(0, 1.08 * top))
    parts = [*page.vertical_axis(frame, "share of readings"), *page.horizontal_axis(frame, axis)]
    for number, share in enumerate(bars.shares):
        left, right = (frame.at_x(low + (number + side) * width) for side in (-0.5, 0.5))
        y = frame.at_y(share)
        parts.append(
            f'<rect x="{left + 1:.1f}" y="{y:.1f}" width="{right - left - 2:.1f}" '
            f'height="{_BOTTOM - y:.1f}" fill="{page.BLUE}"/>'
        )
    way = f"M{frame.at_x(low - width / 2):.1f} {_BOTTOM}"
    for number, share in enumerate(steps.shares):
        way += f"V{frame.at_y(share):.1f}H{frame.at_x(low + (number + 0.5) * width):.1f}"
    look = f'fill="none" stroke="{page.ORANGE}" stroke-width="2"'
    parts.append(f'<path d="{way}V{_BOTTOM}" {look}/>')
    parts += _marked(frame, mark)
    legend = [Series(bars.name, page.BLUE, square=True), Series(steps.name, page.ORANGE)]
    return page.svg(title, _WIDTH, _HEIGHT, [*parts, *page.legend(_HEIGHT - 22, legend)])


def _marked(frame: Frame, mark: Mark) -> list[str]:
    x = frame.at_x(mark.value)
    look = f'stroke="{page.RED}" stroke-dasharray="4 3"'
    on_the_left = x < (frame.left + frame.right) / 2
    anchor, shift = ("start", 5) if on_the_left else ("end", -5)
    return [
        f'<path d="M{x:.1f} {_TOP - 8}V{_BOTTOM}" {look}/>',
        page.text(x + shift, _TOP - 4, mark.name, anchor, "note"),
    ]
