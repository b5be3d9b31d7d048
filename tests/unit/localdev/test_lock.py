from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_what_was_asked_for(name: str) -> None:
    """Whoever adds a package also runs `make lock`, or a fresh clone lacks it."""
    asked = PIN.findall((ROOT / f"{name}.in").read_text())
    locked = PIN.findall((ROOT / f"{name}.txt").read_text())
    assert set(asked) <= set(locked)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_the_lock_names_no_host(name: str) -> None:
    """Packages come from wherever the machine is set up to get them."""
    text = (ROOT / name).read_text()
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert '"resolved"' not in text
