"""The documents of delivery and security, held against the repository."""

from __future__ import annotations

import re
from pathlib import Path

from tests.delivery.workflows import FILES, read

ROOT = Path(__file__).parents[2]


def test_every_workflow_has_its_row() -> None:
    """The table of delivery.md names each by its name and its file, and no other."""
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| \[([\w -]+)\]\(\.\./\.github/workflows/([\w.-]+)\) \|", text, re.MULTILINE
    )

    assert sorted(rows) == sorted((read(file)["name"], file.name) for file in FILES)


def test_every_package_that_is_locked_by_an_override_has_a_reason() -> None:
    """Above each line of the overrides is why, with what makes it go away."""
    text = (ROOT / "requirements-overrides.in").read_text(encoding="utf-8")

    for name in re.findall(r"^([\w-]+)==", text, re.MULTILINE):
        assert re.search(rf"^# .* asks for {name}\S* ", text, re.MULTILINE), name


def test_every_threat_has_four_cells() -> None:
    """Threat, defence, test and what remains: none is forgotten, though it may be empty."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [STRIDE]: .*$", text, re.MULTILINE)

    assert rows
    assert [row for row in rows if row.count("|") != 5] == []


def test_every_boundary_meets_spoofing_to_elevation() -> None:
    """Between them, the boundaries are looked at from all six sides."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| ([STRIDE]): ", text, re.MULTILINE)) == set("STRIDE")
