"""Two distributions of the same value over each other: measured, and by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH, _HEIGHT = 760, 400
_TOP, _BOTTOM = 56, 310
_BINS = 24

type Shares = Iterable[tuple[float, float]]
"""Values with their shares; a value may come several times."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with a name, drawn as a line through the plot."""

    value: float
    name: str


def distributions(
    title: str, axis: str, measured: tuple[str, Shares], chance: tuple[str, Shares], mark: Mark
) -> str:
    """Return histograms of two distributions as an SVG document.

    Args:
        title: over the plot
        axis: the name of the value
        measured: the name and the shares of what is drawn as bars
        chance: the name and the shares of what is drawn as steps
        mark: a value, such as the best one possible

    """
    bars, steps = list(measured[1]), list(chance[1])
    values = [value for value, _ in (*bars, *steps)] + [mark.value]
    low, high = min(values), max(values)
    width = (high - low) / _BINS or 1.0
    heights = [_binned(shares, low, width) for shares in (bars, steps)]
    top = max(max(one) for one in heights) or 1.0
    x = Linear(low - width, low + (_BINS + 1) * width)
    frame = Frame(70, _WIDTH - 24, _TOP, _BOTTOM, x, Linear(0, 1.08 * top))
    parts = [*page.vertical_axis(frame, "share of readings"), *page.horizontal_axis(frame, axis)]
    for number, height in enumerate(heights[0]):
        left, right = (frame.at_x(low + (number + side) * width) for side in (-0.5, 0.5))
        parts.append(
            f'<rect x="{left + 1:.1f}" y="{frame.at_y(height):.1f}" width="{right - left - 2:.1f}" '
            f'height="{_BOTTOM - frame.at_y(height):.1f}" fill="{page.BLUE}"/>'
        )
    way = f"M{frame.at_x(low - width / 2):.1f} {_BOTTOM}"
    for number, height in enumerate(heights[1]):
        way += f"V{frame.at_y(height):.1f}H{frame.at_x(low + (number + 0.5) * width):.1f}"
    parts.append(f'<path d="{way}V{_BOTTOM}" fill="none" stroke="{page.ORANGE}" stroke-width="2"/>')
    at = frame.at_x(mark.value)
    parts.append(
        f'<path d="M{at:.1f} {_TOP - 8}V{_BOTTOM}" stroke="{page.RED}" stroke-dasharray="4 3"/>'
    )
    anchor = "start" if at < (frame.left + frame.right) / 2 else "end"
    shift = 5 if anchor == "start" else -5
    parts.append(page.text(at + shift, _TOP - 4, mark.name, anchor, "note"))
    legend = [Series(measured[0], page.BLUE, square=True), Series(chance[0], page.ORANGE)]
    return page.svg(title, _WIDTH, _HEIGHT, [*parts, *page.legend(_HEIGHT - 22, legend)])


def _binned(shares: Sequence[tuple[float, float]], low: float, width: float) -> list[float]:
    heights = [0.0] * (_BINS + 1)
    for value, share in shares:
        heights[round((value - low) / width)] += share
    return heights
