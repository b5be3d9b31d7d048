"""The plot of latency over time, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 1000, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 40, 90
_DECADES = (-1, 2)
"""Of seconds, at least: the vertical axis is logarithmic."""
_COLOURS: Mapping[str, str] = {"Succeeded": "#2a7f3f", "Canceled": "#c08a00", "Failed": "#c62828"}
_OTHER = "#5b5b8a"
_TICKS = 8
_NICE = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Point:
    """A job: when it was accepted, the seconds to its end, its status."""

    at: float
    seconds: float
    status: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A process that was away, from when until when."""

    began: float
    ended: float
    label: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """The mapping of times and durations to places in the image."""

    last: float
    decades: tuple[int, int]

    def x(self, at: float) -> float:
        """Return the place of a time."""
        share = min(max(at / self.last, 0.0), 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, seconds: float) -> float:
        """Return the place of a duration."""
        low, high = self.decades
        share = (math.log10(max(seconds, 10.0**low)) - low) / (high - low)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def svg(title: str, points: Sequence[Point], marks: Sequence[Mark]) -> str:
    """Return the image: a dot for each job, a bar for each process that was away."""
    times = [point.at for point in points] + [mark.ended for mark in marks]
    slowest = max((point.seconds for point in points), default=1.0)
    high = max(_DECADES[1], math.ceil(math.log10(max(slowest, 1.0))))
    scale = _Scale(max([*times, 1.0]), (_DECADES[0], high))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"',
            '  font-family="sans-serif" font-size="12">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
            *_axes(scale),
            *_bars(scale, marks),
            *_dots(scale, points),
            *_legend(points),
            "</svg>",
            "",
        ]
    )


def _axes(scale: _Scale) -> Iterator[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for decade in range(scale.decades[0], scale.decades[1] + 1):
        y = scale.y(10.0**decade)
        yield f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**decade:g} s</text>'
    step = _step(scale.last)
    for number in range(int(scale.last // step) + 1):
        x = scale.x(number * step)
        yield f'<path d="M{x:.1f} {bottom}v5" stroke="#333"/>'
        yield (
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{number * step:g} s</text>'
        )
    yield f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" stroke="#333" fill="none"/>'


def _bars(scale: _Scale, marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        x, width = scale.x(mark.began), max(scale.x(mark.ended) - scale.x(mark.began), 1.0)
        yield (
            f'<rect x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{_HEIGHT - _TOP - _BOTTOM}" '
            f'fill="#999" opacity="0.25"><title>{escape(mark.label)}</title></rect>'
        )


def _dots(scale: _Scale, points: Sequence[Point]) -> Iterator[str]:
    for point in points:
        yield (
            f'<circle cx="{scale.x(point.at):.1f}" cy="{scale.y(point.seconds):.1f}" r="2.5" '
            f'fill="{_COLOURS.get(point.status, _OTHER)}" opacity="0.6"/>'
        )


def _legend(points: Sequence[Point]) -> Iterator[str]:
    y = _HEIGHT - 28
    yield (
        f'<text x="{_LEFT}" y="{y - 18}" fill="#555">when a job was accepted, and the seconds to '
        "its end; grey: a process was away</text>"
    )
    for number, status in enumerate(sorted({point.status for point in points})):
        x = _LEFT + 6 + 160 * number
        count = sum(point.status == status for point in points)
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="{_COLOURS.get(status, _OTHER)}"/>'
        yield f'<text x="{x + 12}" y="{y + 4}">{escape(status)} ({count})</text>'


def _step(last: float) -> float:
    """Return a round number of seconds, of which a few make the whole axis."""
    decade = 10.0 ** math.floor(math.log10(max(last / _TICKS, 1.0)))
    return next((n * decade for n in _NICE if n * decade >= last / _TICKS), 10 * decade)
