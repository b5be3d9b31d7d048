"""`python -m tools.checks`: runs all checks of the repository and prints the time of each.

All of them run even if one fails: a run tells everything there is to repair.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from localdev.repository import ROOT
from localdev.terminal.console import output

EMULATOR = "packages/azure-quantum-emulator"
# Two more than there are cores: the tests of kills and outages mostly wait. Each further one would
# only take turns, and start an Azurite of its own.
WORKERS = min((os.cpu_count() or 1) + 2, 5)
# Tests start some hundred processes. What these import is compiled once and kept, although images
# of containers tend to forbid it.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


@dataclass(frozen=True, slots=True)
class Check:
    """A command that fails if something is wrong."""

    name: str
    command: tuple[str, ...]
    """A program of this virtual environment with its arguments."""
    shown: bool = False
    """Show what it prints as it runs; otherwise only if it fails."""

    def run(self) -> bool:
        """Run the command; return whether it passed."""
        program, *arguments = self.command
        stream = None if self.shown else subprocess.PIPE
        done = subprocess.run(  # noqa: S603 - the commands below
            [Path(sys.executable).with_name(program), *arguments],
            cwd=ROOT,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT if stream else None,
            text=True,
            check=False,
        )
        if done.returncode and not self.shown:
            print(done.stdout, flush=True)  # noqa: T201 - as the tool coloured or aligned it
        return done.returncode == 0


_PYTEST = ("pytest", "-q", "-n", str(WORKERS))
CHECKS = {
    "lint": (
        Check("ruff check", ("ruff", "check", ".")),
        Check("ruff format", ("ruff", "format", "--check", ".")),
        Check("mypy", ("mypy",)),
        Check("lint-imports", ("lint-imports",)),
        Check("  of the emulator", ("lint-imports", "--config", f"{EMULATOR}/pyproject.toml")),
    ),
    "unit": (Check("unit tests", (*_PYTEST, "tests/unit", f"{EMULATOR}/tests/unit"), shown=True),),
    "coverage": (
        Check(
            "coverage",
            (
                *_PYTEST,
                "--cov",
                "--cov-report=term",
                *(
                    f"tests/unit/{name}"
                    for name in ("adapters", "algorithms", "domain", "functions", "services")
                ),
            ),
            shown=True,
        ),
    ),
    "test": (Check("pytest", _PYTEST, shown=True),),
}


def main() -> int:
    """Run the groups of checks named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.checks", description=__doc__)
    parser.add_argument(
        "groups",
        nargs="+",
        choices=sorted(CHECKS),
        metavar="GROUP",
        help=f"one of {', '.join(sorted(CHECKS))}",
    )
    console = output()
    results: list[tuple[str, bool, float]] = []
    for check in (check for group in parser.parse_args().groups for check in CHECKS[group]):
        console.print(Text(f"== {check.name}", style="bold"))
        started = time.monotonic()
        passed = check.run()
        results.append((check.name, passed, time.monotonic() - started))
    console.print()
    for name, passed, seconds in results:
        mark = Text("passed", style="green") if passed else Text("FAILED", style="bold red")
        console.print(Text(f"{name:<18} "), mark, f"{seconds:7.1f} s")
    return 0 if all(passed for _, passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
