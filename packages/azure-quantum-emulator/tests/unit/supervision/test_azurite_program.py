"""The search for Azurite, and the message if there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_quantum_emulator.supervision.azurite import command
from azure_quantum_emulator.supervision.azurite_program import VARIABLE, VERSION, find_azurite


def program(path: Path, script: str = "") -> Path:
    """Write a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory, with a PATH of its directory `bin` alone."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_named_comes_before_everything(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An argument decides, then the variable, then the PATH, then node_modules, then npx."""
    fetched = program(empty / "cache" / "azurite")
    program(empty / "bin" / "npx", f"echo {fetched}")
    assert find_azurite() == fetched
    beside = program(empty / "node_modules" / ".bin" / "azurite")
    assert find_azurite() == beside
    on_path = program(empty / "bin" / "azurite")
    assert find_azurite() == on_path
    monkeypatch.setenv(VARIABLE, str(program(empty / "variable")))
    assert find_azurite() == empty / "variable"
    assert find_azurite(program(empty / "argument")) == empty / "argument"


def test_node_modules_may_be_further_up(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for Node.js, those of every directory above count, the nearest first."""
    above = program(empty / "node_modules" / ".bin" / "azurite")
    inner = empty / "one" / "two"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_azurite() == above
    nearer = program(empty / "one" / "node_modules" / ".bin" / "azurite")
    assert find_azurite() == nearer


def test_a_relative_path_is_one_of_this_directory(empty: Path) -> None:
    """The process itself has another working directory."""
    program(empty / "here")
    assert find_azurite(Path("here")) == empty / "here"


def test_npx_is_asked_for_one_version(empty: Path) -> None:
    """What is fetched does not change by itself, and no script of a package runs."""
    fetched = program(empty / "cache" / "azurite")
    program(empty / "bin" / "npx", f'echo "$@" >{empty}/asked; echo {fetched}')
    find_azurite()
    asked = (empty / "asked").read_text()
    assert f"azurite@{VERSION}" in asked
    assert "--ignore-scripts" in asked


@pytest.mark.parametrize("variable", [VARIABLE, ""])
def test_a_program_that_is_named_but_missing_is_not_replaced(
    empty: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A wrong path is told, though there is another Azurite."""
    program(empty / "bin" / "azurite")
    if variable:
        monkeypatch.setenv(variable, "nowhere")
    with pytest.raises(FileNotFoundError, match=r"not at nowhere.*npm install -g azurite"):
        find_azurite(None if variable else Path("nowhere"))


def test_without_node_the_message_says_how_to_get_it(empty: Path) -> None:
    """It names every way, and so does whoever starts Azurite."""
    with pytest.raises(
        FileNotFoundError, match=rf"Node\.js 20.*npm install -g azurite.*{VARIABLE}"
    ):
        command((0, 0, 0), None)


@pytest.mark.parametrize(
    "script", ["echo offline >&2; exit 1", "echo offline >&2", "echo /nowhere"]
)
def test_a_failing_npx_is_told(empty: Path, script: str) -> None:
    """The message has the last line of npx and the other ways."""
    program(empty / "bin" / "npx", script)
    said = "offline" if "offline" in script else "it said nothing"
    with pytest.raises(FileNotFoundError, match=f"npx could not fetch Azurite: {said}"):
        find_azurite()
