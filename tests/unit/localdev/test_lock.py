from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LISTS = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-checkov.txt",
    "requirements-load.txt",
]
INSTALLS = [
    "tools/setup/python.sh",
    "tools/setup/messages.sh",
    "Dockerfile",
    "infra/hooks/install-packages.sh",
]
"""Where packages are installed."""


@pytest.mark.parametrize("name", [name.removesuffix(".txt") for name in LISTS])
def test_the_lock_has_what_was_asked_for(name: str) -> None:
    """Whoever adds a package also runs `make lock`, or a fresh clone lacks it."""
    asked = PIN.findall((ROOT / f"{name}.in").read_text())
    locked = PIN.findall((ROOT / f"{name}.txt").read_text())
    assert set(asked) <= set(locked)


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_its_hashes(name: str) -> None:
    """What an index serves is compared with what it was when the list was made."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    pins = [line for line in text.splitlines() if PIN.match(line)]

    assert pins
    assert [pin for pin in pins if not re.search(r" --hash=sha256:[0-9a-f]{64}(?:\s|$)", pin)] == []


@pytest.mark.parametrize("name", INSTALLS)
def test_nothing_is_installed_without_its_hash(name: str) -> None:
    """Every call of pip or uv asks for the hashes, and takes nothing that is not in the list.

    Only the package of this repository has none: it is built here, of what is installed.
    """
    text = (ROOT / name).read_text().replace("\\\n", " ")
    commands = re.findall(r"\bpip install .*", text)

    assert commands
    for command in commands:
        own = "--editable packages/" in command
        wanted = {"--no-deps", "--no-build-isolation" if own else "--require-hashes"}
        assert wanted <= set(command.split()), command


def test_an_override_is_in_the_locks() -> None:
    """What is deployed and what is tested have the version that the reason speaks of."""
    overrides = PIN.findall((ROOT / "requirements-overrides.in").read_text())

    for name in LISTS[:2]:
        assert set(overrides) <= set(PIN.findall((ROOT / name).read_text()))


@pytest.mark.parametrize(
    "name", [*LISTS, "package-lock.json", "tests/generators/package-lock.json"]
)
def test_the_lock_names_no_host(name: str) -> None:
    """Packages come from wherever the machine is set up to get them."""
    text = (ROOT / name).read_text()
    assert "--index-url" not in text
    assert "--find-links" not in text
    assert '"resolved"' not in text
