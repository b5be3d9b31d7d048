"""What scripts and commands print for --help, without doing anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.delivery.workflows import ROOT

SHELL = sorted(ROOT.glob("infra/hooks/*.sh"))
PYTHON = [*sorted(ROOT.glob("infra/hooks/*.py")), *sorted(ROOT.glob(".github/*.py"))]
MODULES = sorted(
    str(file.relative_to(ROOT / "tools").with_suffix("")).replace("/__main__", "")
    for pattern in ("*.py", "*/__main__.py")
    for file in (ROOT / "tools").glob(pattern)
    if 'if __name__ == "__main__":' in file.read_text(encoding="utf-8")
)
"""What of `tools/` `python -m` runs."""


def asked(command: list[str], folder: Path) -> str:
    """Return what a command prints for --help in a folder, which stays as it is."""
    before = sorted(folder.rglob("*"))
    done = subprocess.run(
        [*command, "--help"],
        cwd=folder,
        # No az, azd or pip is there to be called.
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(folder.rglob("*")) == before
    return done.stdout


@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_a_hook_says_what_it_does_and_what_it_reads(script: Path, tmp_path: Path) -> None:
    """The comment that it begins with, and every variable of its own."""
    printed = asked(["sh", str(script)], tmp_path)
    text = script.read_text(encoding="utf-8")
    (first,) = re.findall(r"\A#!/bin/sh\n# (.*)\n", text)

    assert printed.startswith(first)
    for variable in re.findall(r"\$\{((?:QJOBS|AZURE)_\w+)", text):
        assert variable in printed


@pytest.mark.parametrize("script", PYTHON, ids=lambda path: path.name)
def test_a_script_says_what_it_does(script: Path, tmp_path: Path) -> None:
    """The first sentence of its docstring, and no traceback."""
    printed = asked([sys.executable, str(script)], tmp_path)
    (first,) = re.findall(r'\A"""(.*?)[.:\n]', script.read_text(encoding="utf-8"))

    assert " ".join(first.split()) in " ".join(printed.split())


@pytest.mark.parametrize("module", MODULES)
def test_a_tool_says_what_it_does(module: str, tmp_path: Path) -> None:
    """It prints how it is called, and what it takes."""
    printed = asked([sys.executable, "-m", f"tools.{module}"], tmp_path)

    assert f"usage: python -m tools.{module}" in printed or f"usage: {module}" in printed
    assert len(printed.splitlines()) > 4


def test_the_checks_list_their_groups(tmp_path: Path) -> None:
    """Whoever asks for help learns what can be named."""
    printed = asked([sys.executable, "-m", "tools.checks"], tmp_path)

    assert re.search(r"one of .*\bcoverage, .*\btest, .*\bunit\b", " ".join(printed.split()))


def test_the_smoke_test_without_azd_says_what_to_set(tmp_path: Path) -> None:
    """Outside of azd, and where there is none, it names the variables."""
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "infra" / "hooks" / "smoke-test.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "azd is not installed" in done.stderr
    assert "QJOBS_API_URL" in done.stderr
