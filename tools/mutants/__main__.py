"""`python -m tools.mutants`: which small changes of the code do the unit tests not notice?

Each change is made in a copy of the repository, and the tests that reach it are run. What survives
is printed as a diff: either nothing tells the two apart, or a test is missing. It is a sample, the
same one for the same seed, and a report: the exit code is 1 only if nothing could be tried.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localdev.repository import ROOT
from localdev.terminal.command_scope import failure, interrupt, signals_call
from localdev.terminal.console import notes
from tools.mutants.mutation import MODULES, Mutation, MutationError
from tools.mutants.place import place_of

SURVIVED = "survived"
NO_TESTS = "no tests"
NUMBER = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "modules",
        nargs="*",
        type=_module,
        metavar="FILE",
        help=f"files of qjobs/ to change; {', '.join(MODULES)}",
    )
    parser.add_argument("--number", type=int, default=NUMBER, help=f"of changes to try; {NUMBER}")
    parser.add_argument("--seed", type=int, default=1, help="of the sample; 1")
    options = parser.parse_args(arguments)
    modules = options.modules or MODULES
    notes().print(f"trying some {options.number} changes, each with the tests that reach it")
    try:
        with signals_call(interrupt), tempfile.TemporaryDirectory(prefix="mutants-") as copy:
            mutation = Mutation(Path(copy), modules, os.cpu_count() or 1)
            results = mutation.run(options.number, options.seed)
            survivors = sorted(name for name, status in results.items() if status == SURVIVED)
            with ThreadPoolExecutor(os.cpu_count() or 1) as several:
                diffs = dict(zip(survivors, several.map(mutation.diff, survivors), strict=True))
    except (MutationError, KeyboardInterrupt) as error:
        return failure(error)
    print(report(results, diffs))  # noqa: T201 - a diff is printed as it is
    return 0


def report(results: dict[str, str], diffs: dict[str, str]) -> str:
    """Return the report: the survivors with their diffs, then the figures."""
    places = {name: place_of(name, diff, ROOT) for name, diff in diffs.items()}
    shown = [
        f"{places[name]}\n{diffs[name].strip()}\n"
        for name in sorted(diffs, key=lambda one: places[one])
    ]
    counts = Counter(results.values())
    alive = counts[SURVIVED] + counts[NO_TESTS]
    tried = len(results)
    figures = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
    score = f"{100 * (tried - alive) / tried:.0f} %" if tried else "none"
    return "\n".join([*shown, f"tried {tried}: {figures}", f"score: {score} were noticed"])


def _module(text: str) -> str:
    path = (ROOT / text).resolve()
    if not (path.is_file() and path.is_relative_to(ROOT / "qjobs")):
        raise argparse.ArgumentTypeError(f"{text} is no file of qjobs/")
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
