"""What `bicep format` would change and can be told without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WIDTH = 120
"""Columns after which the formatter breaks lists, objects and conditions."""
FILES = sorted(ROOT.glob("infra/**/*.bicep"))

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'")


def lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file with their numbers, without comments."""
    text = path.read_text(encoding="utf-8")
    numbered = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in numbered if not line.lstrip().startswith("//")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_loop_over_several_lines_begins_on_its_own(path: Path) -> None:
    """`[`, then `for` in the next line."""
    found = [number for number, line in lines(path) if re.search(r"\[for .+[{\[(]$", line)]

    assert not found, f"lines {found}: break them before `for`, and indent what follows"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_long_line_is_one_text(path: Path) -> None:
    """A list, an object or a condition that does not fit is written over several lines."""
    found = [
        number
        for number, line in lines(path)
        if len(line) > WIDTH and re.search(r"[\[{?]", _TEXT.sub("''", line))
    ]

    assert not found, f"lines {found}: longer than {WIDTH} columns"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_indentation_is_by_two(path: Path) -> None:
    """With spaces alone, none at the end of a line, and a line break at the end of the file."""
    text = path.read_text(encoding="utf-8")

    assert "\t" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for number, line in lines(path):
        assert line == line.rstrip(), number
        assert (len(line) - len(line.lstrip())) % 2 == 0, number
