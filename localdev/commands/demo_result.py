"""Prints the result of the emoticons algorithm: counts as bars, and a drawing for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

BAR = 40  # columns of a bar that stands for all readings
MOST_ROWS = 8  # readings that get a row; a noisy device returns many rare ones

# The characters of the demonstration, as dots; others are not drawn.
_GLYPHS = {
    ":": ("     ", "  ## ", "  ## ", "     ", "     ", "  ## ", "  ## ", "     ", "     "),
    ";": ("     ", "  ## ", "  ## ", "     ", "     ", "  ## ", "  ## ", "  #  ", " #   "),
    ")": (" ##  ", "  ## ", "   ##", "   ##", "   ##", "   ##", "   ##", "  ## ", " ##  "),
}
_ROWS = 9
_COLUMNS = 5
_BLANK = (" " * _COLUMNS,) * _ROWS
_SHADES = " ░▒▓█"


def show(console: Console, document: dict[str, Any]) -> None:
    """Print the measurement outcomes and the noise in the result *document*."""
    result, provenance = document["result"], document["provenance"]
    readings = result["readings"]
    shots = sum(reading["count"] for reading in readings)
    where = provenance["target"]["id"]
    console.print("  One register of 16 qubits held both emoticons.")
    console.print(f"  Read {shots} times on {where}, it was\n", markup=False)
    for reading in readings[:MOST_ROWS]:
        share = reading["frequency"]
        bar = "█" * round(share * BAR)
        style = "green" if reading["asked"] else "red"
        text = f"  {reading['text']}  {reading['count']:>6} times {share:7.1%}  "
        console.print(Text.assemble((text, "bold"), (bar or "▏", style)), soft_wrap=True)
    if len(readings) > MOST_ROWS:
        console.print(f"  and {len(readings) - MOST_ROWS} rarer readings")
    console.print()
    console.print("  Drawn over each other, as dark as they are frequent:\n")
    for line in overlay(readings):
        console.print(Text(f"      {line}", style="cyan"))
    console.print()
    why = "the noise of the device" if result["noise"] else "the simulator has no noise"
    console.print(f"  Neither one nor the other: {result['noise']:.1%} ({why}).")


def overlay(readings: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines of a drawing of *readings*, each dot as dark as it is frequent."""
    dots = [(place, column) for place in range(2) for column in range(_COLUMNS)]

    def shade(row: int, place: int, column: int) -> str:
        return _shade(
            sum(
                reading["frequency"]
                for reading in readings
                if _GLYPHS.get(reading["text"][place], _BLANK)[row][column] == "#"
            )
        )

    # Twice, as letters are twice as tall as wide.
    return ["".join(shade(row, *dot) * 2 for dot in dots).rstrip() for row in range(_ROWS)]


def save(document: dict[str, Any], path: Path) -> None:
    """Write the drawing that came with the result *document* to *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document["result"]["svg"], encoding="utf-8")


def _shade(weight: float) -> str:
    darkest = len(_SHADES) - 1
    # However rare, what was read is seen.
    return _SHADES[min(darkest, max(1, round(weight * darkest)))] if weight else _SHADES[0]
