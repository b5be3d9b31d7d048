"""A chart of the most frequent readings: their shares with errors, marked with exact values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

_WIDTH, _TOP = 760, 64
_ROW, _THICK = 24, 14
_LONGEST_LABEL = 40
_LEAST_REFERENCE = 0.002
"""Of the longest bar, below which the line of chance is on the axis."""
_READ, _EXACT = Series("read, with standard error", page.BLUE), Series("exact", page.ORANGE)
_REST = "all others"


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading with its share of the shots."""

    label: str
    share: float
    error: float
    exact: float | None = None
    """Its probability, where it is known."""


def readings_chart(title: str, readings: Sequence[Reading], rest: float, chance: float) -> str:
    """Return the chart as an SVG document.

    Args:
        title: over the chart
        readings: from top to bottom
        rest: the share of all other readings
        chance: the share of each reading if all bits were random

    """
    rows = [*readings, *([Reading(_REST, rest, 0.0)] if rest > 0 else [])]
    high = max([chance, *(max(row.share + row.error, row.exact or 0.0) for row in rows)])
    left = 34 + page.CHARACTER * max((len(_shortened(row.label)) for row in rows), default=1)
    bottom = _TOP + _ROW * max(len(rows), 1)
    frame = Frame(left, _WIDTH - 90, _TOP, bottom, Linear(0.0, 1.05 * high), Linear(0, 1))
    parts = [*page.horizontal_axis(frame, "share of the shots")]
    for place, row in enumerate(rows):
        parts += _drawn(frame, _TOP + _ROW * (place + 0.5), row)
    parts.append(f'<path d="M{left:.1f} {_TOP}V{bottom:.1f}" class="axis"/>')
    if chance > _LEAST_REFERENCE * high:
        x = frame.at_x(chance)
        look = f'stroke="{page.RED}" stroke-dasharray="4 3"'
        parts.append(f'<path d="M{x:.1f} {_TOP - 6}V{bottom:.1f}" {look}/>')
        parts.append(page.text(x + 5, _TOP - 4, "if all bits were random", "start", "note"))
    known = any(row.exact is not None for row in rows)
    parts += page.legend(bottom + 60, [_READ, _EXACT] if known else [_READ])
    return page.svg(title, _WIDTH, round(bottom + 76), parts)


def _drawn(frame: Frame, y: float, row: Reading) -> Iterator[str]:
    end = frame.at_x(row.share)
    colour = page.VIOLET if row.label == _REST else page.BLUE
    yield page.text(frame.left - 8, y + 4, _shortened(row.label), "end", "text mono")
    yield (
        f'<rect x="{frame.left:.1f}" y="{y - _THICK / 2:.1f}" width="{end - frame.left:.1f}" '
        f'height="{_THICK}" fill="{colour}"/>'
    )
    if row.error:
        low, high = (frame.at_x(row.share + sign * row.error) for sign in (-1, 1))
        caps = "".join(f"M{x:.1f} {y - 4:.1f}v8" for x in (low, high))
        yield f'<path d="M{low:.1f} {y:.1f}H{high:.1f}{caps}" class="axis" stroke-width="1.5"/>'
    if row.exact is not None:
        x = frame.at_x(row.exact)
        yield (
            f'<path d="M{x:.1f} {y - _THICK / 2 - 3:.1f}v{_THICK + 6}" stroke="{page.ORANGE}" '
            'stroke-width="3"/>'
        )
    right = frame.at_x(max(row.share + row.error, row.exact or 0.0))
    yield page.text(right + 7, y + 4, f"{row.share:.3g}", "start", "note")


def _shortened(label: str) -> str:
    if len(label) <= _LONGEST_LABEL:
        return label
    half = _LONGEST_LABEL // 2 - 1
    return f"{label[:half]}..{label[-half:]}"
