"""A drawing of readings over each other, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from algorithms.emoticons.text import bits_of

_MOST_DRAWN = 12
"""Readings that are drawn; the others are too rare to be seen."""
_FAINTEST = 0.06
_LAST_OF_LATIN = 0xFF
_DOT = "\N{MIDDLE DOT}"
_FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace"
_PAPER, _INK, _DIM, _RAIL = "#111827", "#f3f4f6", "#9ca3af", "#293244"
_FIRST, _SECOND, _OTHER = "#22b8f0", "#ff7a59", "#a78bfa"
_CENTRES = (130, 230)
"""Where the two characters stand; each has its own place, so that no font shifts them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of 16 qubits."""

    text: str
    """Two visible characters."""
    bits: str
    """Most significant bit of the first character first."""
    count: int
    frequency: float
    """Share of all readings, between 0 and 1."""
    asked: bool
    """Whether it is one of the two emoticons."""


def draw(asked: tuple[str, str], readings: Sequence[Reading]) -> str:
    """Return an SVG document of *readings*, the most frequent first, and a legend.

    The card has its own dark ground, so it looks the same on a light and on a dark page. Colours
    are mixed like light: what both emoticons share is nearly white. There are no ids, so that
    several drawings can stand in one page.
    """
    frequencies = {reading.bits: reading.frequency for reading in readings}
    shares = [frequencies.get(bits_of(emoticon), 0.0) for emoticon in asked]
    other = max(0.0, sum(reading.frequency for reading in readings if not reading.asked))
    rows = [(asked[0], shares[0], _FIRST), (asked[1], shares[1], _SECOND), ("other", other, _OTHER)]
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 300" role="img">',
            f"<title>{escape(asked[0])} and {escape(asked[1])} at once</title>",
            "<desc>",
            escape(
                "Share of the readings: "
                + ", ".join(f"{label} {share:.1%}" for label, share, _ in rows)
            ),
            "</desc>",
            f'<rect width="360" height="300" rx="20" fill="{_PAPER}"/>',
            *_overlay(asked, readings),
            *(part for row, content in enumerate(rows) for part in _legend(row, *content)),
            "</svg>",
        ]
    )


def _overlay(asked: tuple[str, str], readings: Sequence[Reading]) -> list[str]:
    drawn = list(readings[:_MOST_DRAWN])
    first, second = (bits_of(emoticon) for emoticon in asked)
    colours = {first: _FIRST, second: _SECOND}
    style = f'font-family="{_FONT}" font-size="150" font-weight="700" text-anchor="middle"'
    parts = [f'<g {style} style="isolation:isolate">']
    # The faintest at the bottom.
    for reading in reversed(drawn):
        # Half of the readings is opaque; the root lets one in a hundred still be seen.
        opacity = min(1.0, max(_FAINTEST, math.sqrt(2 * reading.frequency)))
        parts.append(
            f'<g fill="{colours.get(reading.bits, _OTHER)}" fill-opacity="{opacity:.3f}"'
            ' style="mix-blend-mode:screen">'
        )
        parts += [
            f'<text x="{centre}" y="150">{escape(_glyph(character))}</text>'
            for centre, character in zip(_CENTRES, reading.text, strict=True)
        ]
        parts.append("</g>")
    parts.append("</g>")
    return parts


def _glyph(character: str) -> str:
    """Return *character* if fonts have it; the pictures of invisible ones are in few."""
    return character if ord(character) <= _LAST_OF_LATIN else _DOT


def _legend(row: int, label: str, share: float, colour: str) -> list[str]:
    y = 218 + 26 * row
    return [
        f'<g font-family="{_FONT}" font-size="16" fill="{_INK}">',
        f'<text x="40" y="{y + 5}">{escape(label)}</text>',
        f'<rect x="100" y="{y - 4}" width="150" height="8" rx="4" fill="{_RAIL}"/>',
        f'<rect x="100" y="{y - 4}" width="{150 * share:.1f}" height="8" rx="4" fill="{colour}"/>',
        f'<text x="320" y="{y + 5}" text-anchor="end" fill="{_DIM}">{share:.1%}</text>',
        "</g>",
    ]
