"""A rule of the linter is broken for a reason, and the reason stands beside it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUPPRESSED = re.compile(r"# noqa\b")
WITH_REASON = re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S")


def unexplained(source: str) -> list[str]:
    """Return the lines that break a rule without saying which and why."""
    return [
        line.strip()
        for line in source.splitlines()
        if len(SUPPRESSED.findall(line)) > len(WITH_REASON.findall(line))
    ]


def test_each_suppression_has_its_reason() -> None:
    """In every file of Python that is kept."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [
        name
        for name in listed.stdout.splitlines()
        if name != "tests/architecture/test_suppressions.py"
    ]

    assert len(names) > 500
    faults = {
        name: found
        for name in names
        if (found := unexplained((ROOT / name).read_text(encoding="utf-8")))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("x = 1", True),
        ("print(x)  # noqa: T201 - its output", True),
        ("print(x)  # noqa: T201, S101 - its output", True),
        ("print(x)  # noqa: SLF001 - `f` is slow", True),
        ("print(x)  # noqa", False),
        ("print(x)  # noqa: T201", False),
        ("print(x)  # noqa: T201 -", False),
        ("print(x)  # noqa: T201 its output", False),
    ],
)
def test_what_is_a_reason(line: str, explained: bool) -> None:
    """Words after the rule and a dash."""
    assert (not unexplained(line)) is explained
