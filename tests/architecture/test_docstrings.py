"""Docstrings say what a thing is, in the words of the field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("functions", "qjobs", "localdev", "tools", "packages/azure-quantum-emulator/src")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
_QUESTION = re.compile(r"(how|what|where|which|whom?|whose|why)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(what|whatever|who|whoever|whom|whose|how(?! (long|many|often))|why)\b", re.IGNORECASE
)
"""In the summary of a module or a class it stands for a noun that the field has."""
_OBJECT = re.compile(r"\w+ (what|whatever|who|whom|whose|why)\b", re.IGNORECASE)
"""Such as "Return what ...": the function returns something that has a name."""
_VAGUE = {
    "a response": re.compile(r"\b(an?|the|its|of|their|no|each|every|last|from) answers?\b"),
    "a process or a person": re.compile(r"\b(somebody|nobody|anybody|everybody)\b", re.IGNORECASE),
}


def riddles(code: str) -> Iterator[str]:
    """Yield the summaries of docstrings that ask instead of naming, or that use a vague word."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        summary = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
        names = isinstance(node, ast.Module | ast.ClassDef)
        if (
            _QUESTION.match(summary)
            or (_CLAUSE.search(summary) if names else _OBJECT.match(summary))
            or any(word.search(summary) for word in _VAGUE.values())
        ):
            yield summary


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_docstring_is_a_riddle(path: Path) -> None:
    """Who searches for a thing finds its name at the beginning, not a question about it."""
    assert list(riddles(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "summary",
    [
        "What travels through queues.",
        "Which parts a stack has.",
        "Makes of documents what runs.",
        "A request, and how it ends.",
        "Settings of whoever calls.",
        "The backend gave no answer.",
        "A key that is kept by nobody.",
    ],
)
def test_a_riddle_is_found_in_a_module_and_a_class(summary: str) -> None:
    """A question word anywhere in the summary is found, and so is a vague word."""
    code = f'"""{summary}"""\nclass A:\n    """{summary}"""\n'

    assert list(riddles(code)) == [summary, summary]


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Return what is written.", True),
        ("Whether it was sent by somebody.", True),
        ("Whether it was sent.", False),
        ("Take the answer\n    of the backend.", True),
        ("Where it stands.", True),
        ("Return how many jobs were overdue.", False),
        ("Return the error *what* at a node.", False),
        ("Return the response of the backend.", False),
    ],
)
def test_a_riddle_is_found_in_a_function(summary: str, *, found: bool) -> None:
    """A function may count and compare, but its result has a name."""
    code = f'def a():\n    """{summary}\n\n    Args: what follows is not looked at.\n    """\n'

    assert list(riddles(code)) == ([" ".join(summary.split())] if found else [])
