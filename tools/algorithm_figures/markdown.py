"""Tables and texts of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 110


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, with what is special in a cell escaped."""
    lines = [head, ["---"] * len(head), *(map(_cell, row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def filled(paragraph: str) -> str:
    """Return a paragraph in lines of `WIDTH`."""
    return textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)


def shortened(text: str, length: int) -> str:
    """Return a text, cut where it is longer."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def code(text: str) -> str:
    """Return a text as code, whatever is in it."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
