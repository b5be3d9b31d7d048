"""Plots of an example: the convergence of its value over the steps, the counts of its circuits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qjobs.domain.algorithm import Counts
from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear
from tools.algorithm_checks.rehearsal import Rehearsal

NOISELESS = Series("noiseless", page.BLUE)
NOISY = Series("noisy", page.ORANGE, square=True)
_WIDTH = 760
_MOST_READINGS = 16
_LONGEST_READING = 32
_MANY = 25
"""Steps whose marks are small."""
_BAR, _GAP = 13, 9

type Value = tuple[int, float, float]
"""A step, the value that the algorithm gives for it, and its standard error."""


def values(rehearsal: Rehearsal) -> list[Value]:
    """Return the values of the steps for which the algorithm gives one."""
    told = [(number, step.run.plan.progress) for number, step in enumerate(rehearsal.steps, 1)]
    return [
        (number, progress.value, progress.uncertainty or 0.0)
        for number, progress in told
        if progress is not None and progress.value is not None
    ]


def convergence(title: str, runs: Mapping[Series, Sequence[Value]]) -> str:
    """Return the plot of values over the steps, with their standard errors."""
    every = [value for run in runs.values() for value in run]
    last = max(number for number, _, _ in every)
    x = Linear(0.5, last + 0.5, most_ticks=15, least_step=1.0)
    y = Linear.around(end for _, value, error in every for end in (value - error, value + error))
    frame = Frame(page.left_of(y), _WIDTH - 24, 44, 300, x, y)
    return page.svg(
        title,
        _WIDTH,
        376,
        [
            *page.vertical_axis(frame, "value, with its standard error"),
            *page.horizontal_axis(frame, "step"),
            *(part for one, run in runs.items() for part in _line(frame, one, run)),
            *page.legend(360, list(runs)),
        ],
    )


def _line(frame: Frame, series: Series, run: Sequence[Value]) -> Iterator[str]:
    # Side by side, so that an error bar does not hide the other.
    size = 4.0 if len(run) <= _MANY else 2.5
    aside = 0.75 * (size if series.square else -size)
    places = [(frame.at_x(number) + aside, value, error) for number, value, error in run]
    points = " ".join(f"{x:.1f},{frame.at_y(value):.1f}" for x, value, _ in places)
    look = f'fill="none" stroke="{series.colour}"'
    yield f'<polyline points="{points}" {look} opacity="0.5"/>'
    for x, value, error in places:
        if error:
            low, high = frame.at_y(value - error), frame.at_y(value + error)
            left, across = x - size, 2 * size
            ends = f"M{left:.1f} {low:.1f}h{across:g}M{left:.1f} {high:.1f}h{across:g}"
            yield f'<path d="M{x:.1f} {low:.1f}V{high:.1f}{ends}" {look}/>'
        yield page.mark(x, frame.at_y(value), series, size)


def counts(title: str, runs: Mapping[Series, Counts]) -> str:
    """Return the plot of the most frequent readings of a circuit, as shares of its shots."""
    shown, rest = _readings(list(runs.values()))
    others = [f"{len(rest)} others"] if rest else []
    left = 34 + page.CHARACTER * max(len(one) for one in ["", *map(_shortened, shown), *others])
    largest = max((one.frequency(reading) for one in runs.values() for reading in shown), default=1)
    row = _BAR * len(runs) + _GAP
    bottom = 44 + row * max(len(shown) + len(others), 1)
    # Right of the longest bar there is room for its label.
    frame = Frame(left, _WIDTH - 150, 44, bottom, Linear(0.0, 102 * largest, " %"), Linear(0, 1))
    parts = list(page.horizontal_axis(frame, "share of the shots"))
    for place, reading in enumerate(shown):
        y = frame.top + row * place + _GAP / 2
        parts += _bars(frame, y, _shortened(reading), runs, [reading])
    if rest:
        y = frame.top + row * len(shown) + _GAP / 2
        parts += _bars(frame, y, others[0], runs, rest)
    parts.append(f'<path d="M{left:.1f} {frame.top}V{bottom:.1f}" class="axis"/>')
    named = [
        Series(f"{one.name} ({counted.total:,} shots)", one.colour, one.square)
        for one, counted in runs.items()
    ]
    return page.svg(title, _WIDTH, round(bottom) + 76, [*parts, *page.legend(bottom + 60, named)])


def _bars(
    frame: Frame, y: float, label: str, runs: Mapping[Series, Counts], readings: Sequence[str]
) -> Iterator[str]:
    """Yield a label, and for each run a bar; several readings together are a number alone."""
    yield page.text(frame.left - 8, y + _BAR * len(runs) / 2 + 4, label, "end", "text mono")
    for number, (series, run) in enumerate(runs.items()):
        share, top = sum(map(run.frequency, readings)), y + _BAR * number
        right = frame.at_x(100 * share) if len(readings) == 1 else frame.left
        yield (
            f'<rect x="{frame.left:.1f}" y="{top + 1:.1f}" width="{right - frame.left:.1f}" '
            f'height="{_BAR - 2}" fill="{series.colour}"/>'
        )
        told = f"{round(share * run.total):,} ({100 * share:.1f} %)"
        yield page.text(right + 6, top + _BAR - 2, told, "start", "note")


def _readings(runs: Sequence[Counts]) -> tuple[list[str], list[str]]:
    """Return the most frequent readings in the order of their bits, and all others."""
    every = sorted({reading for run in runs for reading in run.readings})
    often = sorted(every, key=lambda one: -max(run.frequency(one) for run in runs))
    # A single other reading takes no more room than the words for it.
    most = len(every) if len(every) == _MOST_READINGS + 1 else _MOST_READINGS
    shown = {*often[:most]}
    return [one for one in every if one in shown], often[most:]


def _shortened(reading: str) -> str:
    """Return a reading with both of its ends, however long it is."""
    if len(reading) <= _LONGEST_READING:
        return reading
    half = _LONGEST_READING // 2 - 1
    return f"{reading[:half]}..{reading[-half:]}"
