"""A bar chart of values with their errors: shares of readings, amounts, probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH = 760
_ROW, _THICK = 26, 16
_TOP = 44
_LONGEST_LABEL = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A value from zero to the right, with its label, its standard error and its series."""

    label: str
    value: float
    error: float = 0.0
    series: int = 0
    """The place of its series in the legend."""
    note: str = ""
    """Right of the bar; the value itself, if it is left out."""


def bar_chart(
    title: str,
    axis: str,
    bars: Sequence[Bar],
    legend: Sequence[Series] = (),
    reference: tuple[float, str] | None = None,
) -> str:
    """Return the chart as an SVG document.

    Args:
        title: over the chart
        axis: the name of the horizontal axis, with its unit
        bars: from top to bottom; none is an empty chart
        legend: the series, below the chart; one colour without a legend if it is left out
        reference: a value with its name, drawn as a line across all bars, as what chance would give

    """
    ends = [0.0, *(end for bar in bars for end in (bar.value - bar.error, bar.value + bar.error))]
    ends += [reference[0]] if reference else []
    low, high = min(ends), max(ends)
    scale = Linear(1.05 * low, 1.05 * high or 1.0)
    left = 34 + page.CHARACTER * max((len(_shortened(bar.label)) for bar in bars), default=1)
    bottom = _TOP + _ROW * max(len(bars), 1)
    frame = Frame(left, _WIDTH - 130, _TOP, bottom, scale, Linear(0, 1))
    series = legend or [Series("", page.BLUE)]
    parts = [*page.horizontal_axis(frame, axis)]
    for place, bar in enumerate(bars):
        parts += _drawn(frame, _TOP + _ROW * (place + 0.5), bar, series[bar.series].colour)
    zero = frame.at_x(0)
    parts.append(f'<path d="M{zero:.1f} {_TOP}V{bottom:.1f}" class="axis"/>')
    height = bottom + 52
    if reference:
        x = frame.at_x(reference[0])
        look = f'stroke="{page.RED}" stroke-dasharray="4 3"'
        parts.append(f'<path d="M{x:.1f} {_TOP - 6}V{bottom:.1f}" {look}/>')
        parts.append(page.text(x + 5, _TOP - 4, reference[1], "start", "note"))
    if legend:
        height += 24
        parts += page.legend(bottom + 60, legend)
    return page.svg(title, _WIDTH, round(height), parts)


def _drawn(frame: Frame, y: float, bar: Bar, colour: str) -> Iterator[str]:
    zero, end = sorted((frame.at_x(0), frame.at_x(bar.value)))
    yield page.text(frame.left - 8, y + 4, _shortened(bar.label), "end", "text mono")
    yield (
        f'<rect x="{zero:.1f}" y="{y - _THICK / 2:.1f}" width="{end - zero:.1f}" '
        f'height="{_THICK}" fill="{colour}"/>'
    )
    if bar.error:
        low, high = (frame.at_x(bar.value + sign * bar.error) for sign in (-1, 1))
        whisker = f"M{low:.1f} {y:.1f}H{high:.1f}"
        caps = "".join(f"M{x:.1f} {y - 4:.1f}v8" for x in (low, high))
        yield f'<path d="{whisker}{caps}" class="axis" stroke-width="1.5" fill="none"/>'
    right = frame.at_x(max(bar.value + bar.error, 0.0))
    yield page.text(right + 6, y + 4, bar.note or f"{bar.value:.4g}", "start", "note")


def _shortened(label: str) -> str:
    if len(label) <= _LONGEST_LABEL:
        return label
    half = _LONGEST_LABEL // 2 - 1
    return f"{label[:half]}..{label[-half:]}"
