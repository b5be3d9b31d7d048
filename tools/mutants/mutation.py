"""Runs mutmut on a copy of the repository, on a sample of the changes that it would try."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from localdev.repository import ROOT

MODULES = (
    "qjobs/domain/identifiers.py",
    "qjobs/domain/job.py",
    "qjobs/domain/schedule.py",
    "qjobs/services/attempt.py",
    "qjobs/services/changes.py",
    "qjobs/services/place.py",
    "qjobs/services/reconcile.py",
    "qjobs/services/submit.py",
    "qjobs/services/track.py",
)
"""Where a fault costs a job: its states, retries, idempotency, who changes its record."""
TESTS = ("tests/unit/domain", "tests/unit/services")
COPIED = (
    *("algorithms", "apim", "functions", "localdev", "packages", "qjobs", "tests", "tools"),
    *("function_app.py", "host.json", "local.settings.json.example", "pyproject.toml"),
)
"""What the tests take."""

# The first change of each function: to run these makes mutmut write all of them.
_FIRST = "*__mutmut_1"
_RESULT = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_SPINNER = re.compile("[\u2800-\u28ff] ")
_NOT_TRIED = "not checked"


class MutationError(Exception):
    """No mutant could be run; the message is the end of mutmut's output."""


class Mutation:
    """A copy of the repository in which mutmut works."""

    def __init__(self, copy: Path, modules: Sequence[str], children: int) -> None:
        """Make the *copy*; *children* tests run at a time."""
        self._copy = copy
        self._children = children
        ignore = shutil.ignore_patterns("__pycache__", ".venv")
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=ignore)
            else:
                shutil.copyfile(ROOT / name, copy / name)
        (copy / "setup.cfg").write_text(_configuration(modules), encoding="utf-8")

    def run(self, number: int, seed: int) -> dict[str, str]:
        """Try *number* changes; return what became of each, by its name in mutmut.

        The first change of each function is always tried.

        Raises:
            MutationError: the tests fail without a change, or there is none to try.

        """
        self._mutmut("run", "--max-children", str(self._children), _FIRST)
        results = self._results()
        tried = [name for name, status in results.items() if status != _NOT_TRIED]
        others = sorted(results.keys() - set(tried))
        # Not for secrets: the same seed has to give the same sample.
        more = random.Random(seed).sample(others, min(max(number - len(tried), 0), len(others)))  # noqa: S311 - nothing is secret here
        if more:
            self._mutmut("run", "--max-children", str(self._children), *more)
        return {name: status for name, status in self._results().items() if status != _NOT_TRIED}

    def diff(self, name: str) -> str:
        """Return the change *name* as a diff of its function."""
        return self._mutmut("show", name).partition("\n")[2]

    def _results(self) -> dict[str, str]:
        return dict(_RESULT.findall(self._mutmut("results", "--all", "true")))

    def _mutmut(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - mutmut of this environment
            [Path(sys.executable).with_name("mutmut"), *arguments],
            cwd=self._copy,
            env=os.environ | {"COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = f"{done.stdout}\n{done.stderr}".splitlines()
            said = [line for line in lines if line.strip() and not _SPINNER.match(line)]
            raise MutationError("\n".join(said[-20:]))
        return done.stdout


def _configuration(modules: Sequence[str]) -> str:
    lists = {
        "source_paths": ["qjobs"],
        "only_mutate": modules,
        "pytest_add_cli_args_test_selection": TESTS,
        "also_copy": COPIED,
        # Words of logs are for people; tests/infra holds what queries look for.
        "do_not_mutate_patterns": [r"\b_log\."],
    }
    lines = [f"{key}=" + "".join(f"\n    {value}" for value in lists[key]) for key in lists]
    return "\n".join(["[mutmut]", *lines]) + "\n"
