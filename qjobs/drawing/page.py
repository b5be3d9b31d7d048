"""The parts that every plot has: the page with its colours, the axes, the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from qjobs.drawing.scales import Scale

BLUE, ORANGE, GREEN, YELLOW, RED, VIOLET = (
    *("#2f7de1", "#d1690e", "#2a9d4f"),
    *("#b58900", "#d64541", "#8064c8"),
)
"""Colours of data, which stand out on either page."""
CHARACTER = 7.2
"""Width of a character in a label, about."""
_STYLE = """\
<style>
.page{fill:#fff} .text{fill:#1f2328} .note{fill:#59636e} .grid{stroke:#d8dee4} .axis{stroke:#59636e}
.mono{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117} .text{fill:#e6edf3} .note{fill:#9198a1}
.grid{stroke:#2a313c} .axis{stroke:#9198a1}
}
</style>"""


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of the data in an image, with the scales of its axes."""

    left: float
    right: float
    top: float
    bottom: float
    x: Scale
    y: Scale

    def at_x(self, value: float) -> float:
        """Return the place of a value of the horizontal axis."""
        return self.left + self.x.share(value) * (self.right - self.left)

    def at_y(self, value: float) -> float:
        """Return the place of a value of the vertical axis."""
        return self.bottom - self.y.share(value) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Series:
    """The name and the look of some of the data."""

    name: str
    colour: str
    square: bool = False
    """The shape of its marks, which tells it from others without colours."""


def svg(title: str, width: int, height: int, parts: Iterable[str]) -> str:
    """Return an image with a title."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
            f'  aria-label={quoteattr(title)} font-family="sans-serif" font-size="12">',
            _STYLE,
            f'<rect width="{width}" height="{height}" class="page"/>',
            f'<text x="16" y="26" font-size="15" class="text">{escape(title)}</text>',
            *parts,
            "</svg>",
            "",
        ]
    )


def horizontal_axis(frame: Frame, title: str) -> Iterator[str]:
    """Yield the axis below the data."""
    for value, label in frame.x.ticks():
        x = frame.at_x(value)
        yield f'<path d="M{x:.1f} {frame.bottom:.1f}v5" class="axis"/>'
        yield text(x, frame.bottom + 19, label, "middle", "text")
    middle = (frame.left + frame.right) / 2
    yield text(middle, frame.bottom + 39, title, "middle", "note")
    yield f'<path d="M{frame.left:.1f} {frame.bottom:.1f}H{frame.right:.1f}" class="axis"/>'


def vertical_axis(frame: Frame, title: str) -> Iterator[str]:
    """Yield the axis left of the data, with a line across it for each label."""
    for value, label in frame.y.ticks():
        y = frame.at_y(value)
        yield f'<path d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}" class="grid"/>'
        yield text(frame.left - 7, y + 4, label, "end", "text")
    middle = (frame.top + frame.bottom) / 2
    yield (
        f'<text transform="translate(18 {middle:.1f}) rotate(-90)" text-anchor="middle" '
        f'class="note">{escape(title)}</text>'
    )
    yield f'<path d="M{frame.left:.1f} {frame.top:.1f}V{frame.bottom:.1f}" class="axis"/>'


def left_of(scale: Scale) -> float:
    """Return the room that labels and title of a vertical axis take."""
    return 38 + CHARACTER * max((len(label) for _, label in scale.ticks()), default=0)


def legend(y: float, entries: Sequence[Series]) -> Iterator[str]:
    """Yield the marks of the series with their names, in a line."""
    x = 22.0
    for one in entries:
        yield mark(x, y, one, 5)
        yield text(x + 11, y + 4, one.name, "start", "text")
        x += 34 + CHARACTER * len(one.name)


def mark(x: float, y: float, series: Series, size: float, opacity: float = 1.0) -> str:
    """Return the mark of a value."""
    look = f'fill="{series.colour}"' + (f' opacity="{opacity:g}"' if opacity < 1 else "")
    if series.square:
        corner = f'x="{x - size:.1f}" y="{y - size:.1f}"'
        return f'<rect {corner} width="{2 * size:g}" height="{2 * size:g}" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" {look}/>'


def text(x: float, y: float, content: str, anchor: str, look: str) -> str:
    """Return a text."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} class="{look}">{escape(content)}</text>'
