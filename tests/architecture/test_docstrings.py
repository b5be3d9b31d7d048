"""Docstrings of the product say what a thing is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_RIDDLES = ("How ", "What ", "Where ", "Which ", "Who ", "Whom ", "Whose ", "Why ")
FILES = sorted(
    path for folder in ("functions", "packages", "qjobs") for path in (ROOT / folder).rglob("*.py")
)


def riddles(code: str) -> Iterator[str]:
    """Yield the first lines of docstrings of modules and classes that begin like a question."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef):
            text = ast.get_docstring(node) or ""
            if text.startswith(_RIDDLES):
                yield text.partition("\n")[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_docstring_is_a_riddle(path: Path) -> None:
    """Who searches for a thing finds its name at the beginning, not a question about it."""
    assert list(riddles(path.read_text(encoding="utf-8"))) == []


def test_a_riddle_is_found() -> None:
    """A docstring that begins with a question word is noticed in a module and in a class."""
    code = '"""What travels through queues."""\nclass A:\n    """How long it takes."""\n'

    assert list(riddles(code)) == ["What travels through queues.", "How long it takes."]
