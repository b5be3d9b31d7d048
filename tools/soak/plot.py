"""The plot of latency over time, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear, Logarithmic

_WIDTH, _HEIGHT = 1000, 420
_DECADES = (-1, 2)
"""Of seconds, at least: the vertical axis is logarithmic."""
_COLOURS: Mapping[str, str] = {
    "Succeeded": page.GREEN,
    "Canceled": page.YELLOW,
    "Failed": page.RED,
}


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


def svg(title: str, points: Sequence[Point], marks: Sequence[Mark]) -> str:
    """Return the image: a dot for each job, a bar for each process that was away."""
    times = [point.at for point in points] + [mark.ended for mark in marks]
    slowest = max((point.seconds for point in points), default=1.0)
    high = max(_DECADES[1], math.ceil(math.log10(max(slowest, 1.0))))
    seconds = Logarithmic(_DECADES[0], high, " s")
    started = Linear(0.0, max([*times, 1.0]), " s", least_step=1.0)
    frame = Frame(page.left_of(seconds), _WIDTH - 30, 44, _HEIGHT - 86, started, seconds)
    return page.svg(
        title,
        _WIDTH,
        _HEIGHT,
        [
            *page.vertical_axis(frame, "from acceptance to the end"),
            *page.horizontal_axis(frame, "when the job was accepted; grey: a process was away"),
            *_bars(frame, marks),
            *_dots(frame, points),
            *_legend(points),
        ],
    )


def _bars(frame: Frame, marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        x = frame.at_x(mark.began)
        width, height = max(frame.at_x(mark.ended) - x, 1.0), frame.bottom - frame.top
        yield (
            f'<rect x="{x:.1f}" y="{frame.top}" width="{width:.1f}" height="{height}" '
            f'fill="#8b949e" opacity="0.3"><title>{escape(mark.label)}</title></rect>'
        )


def _dots(frame: Frame, points: Sequence[Point]) -> Iterator[str]:
    for point in points:
        x, y = frame.at_x(point.at), frame.at_y(point.seconds)
        yield page.mark(x, y, _series(point.status), 2.5, opacity=0.6)


def _legend(points: Sequence[Point]) -> Iterator[str]:
    statuses = sorted({point.status for point in points})
    counts = {one: sum(point.status == one for point in points) for one in statuses}
    named = [_series(one, f"{one} ({counts[one]})") for one in statuses]
    yield from page.legend(_HEIGHT - 20, named)


def _series(status: str, name: str = "") -> Series:
    return Series(name, _COLOURS.get(status, page.VIOLET))
