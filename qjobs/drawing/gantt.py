"""A Gantt chart: tasks as blocks on the rows of the machines that run them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from qjobs.drawing import page
from qjobs.drawing.page import Frame
from qjobs.drawing.scales import Linear

_WIDTH = 760
_ROW, _THICK = 48, 34
_TOP = 56
_LONGEST_NAME = 20
_COLOURS = (page.BLUE, page.ORANGE, page.GREEN, page.VIOLET, page.RED)


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a row, from its start to its end."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Row:
    """A machine with its tasks."""

    name: str
    tasks: Sequence[Task]


def gantt_chart(title: str, axis: str, rows: Sequence[Row], reference: tuple[float, str]) -> str:
    """Return the chart as an SVG document; times are from zero on.

    Args:
        title: over the chart
        axis: the name of the time axis, with its unit
        rows: from top to bottom
        reference: a time with its name, drawn as a line across all rows, such as a bound

    """
    last = max((task.end for row in rows for task in row.tasks), default=0.0)
    longest = max(map(len, (_shortened(row.name) for row in rows)), default=1)
    bottom = _TOP + _ROW * len(rows)
    scale = Linear(0, 1.04 * max(last, reference[0]) or 1.0)
    frame = Frame(30 + page.CHARACTER * longest, _WIDTH - 24, _TOP, bottom, scale, Linear(0, 1))
    parts = [*page.horizontal_axis(frame, axis)]
    # Tasks that follow each other, on a row or at its end and the next one's beginning, differ.
    number = 0
    for place, row in enumerate(rows):
        y = _TOP + _ROW * (place + 0.5)
        parts.append(page.text(frame.left - 8, y + 4, _shortened(row.name), "end", "text"))
        for task in row.tasks:
            parts += _block(frame, y, task, _COLOURS[number % len(_COLOURS)])
            number += 1
    x = frame.at_x(reference[0])
    look = f'stroke="{page.RED}" stroke-width="1.5" stroke-dasharray="5 3"'
    parts.append(f'<path d="M{x:.1f} {_TOP - 6}V{bottom}" {look}/>')
    parts.append(page.text(x - 5, _TOP - 8, reference[1], "end", "note"))
    return page.svg(title, _WIDTH, bottom + 52, parts)


def _block(frame: Frame, y: float, task: Task, colour: str) -> Iterator[str]:
    left, right = frame.at_x(task.start), frame.at_x(task.end)
    length = f"{task.end - task.start:g}"
    yield (
        f'<rect x="{left + 0.5:.1f}" y="{y - _THICK / 2:.1f}" '
        f'width="{max(right - left - 1, 0.5):.1f}" height="{_THICK}" rx="3" fill="{colour}">'
        f"<title>{escape(task.name)}: {task.start:g} to {task.end:g}</title></rect>"
    )
    room = int((right - left - 6) / page.CHARACTER)
    lines = [text for text in (_fitting(task.name, room), length) if len(text) <= room and text]
    for number, line in enumerate(lines):
        base = y + 4 + 14 * (number - (len(lines) - 1) / 2)
        yield (
            f'<text x="{(left + right) / 2:.1f}" y="{base:.1f}" text-anchor="middle" '
            f'fill="#fff">{escape(line)}</text>'
        )


def _fitting(name: str, room: int) -> str:
    if len(name) <= room:
        return name
    return f"{name[: room - 1]}…" if room > 1 else ""


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
