"""`python -m localdev new`: makes the folder of an algorithm, from a template that works.

The template is a loop of small steps. Beside the folder the algorithm gets its row in the table of
docs/algorithms.md.
"""

from __future__ import annotations

import re
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from localdev.algorithm_folder import is_id
from localdev.algorithm_table import row
from localdev.repository import ROOT
from localdev.terminal.command_scope import failure
from localdev.terminal.console import output
from qjobs.adapters.algorithm_files import read_algorithm

TEMPLATE = Path(__file__).parents[1] / "algorithm_template"
_ROW = re.compile(r"\| `(?P<id>\w+)` \|")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("id", metavar="ID", help="of the algorithm, such as random_numbers")


def run(arguments: Namespace) -> int:
    """Make the folder; return the exit code."""
    return make(arguments.id, ROOT)


def make(algorithm: str, root: Path) -> int:
    """Make the folder of an algorithm in the repository at *root*; return the exit code."""
    folder = root / "algorithms" / algorithm
    if not is_id(algorithm):
        return failure(f"{algorithm!r} is no id: name it like random_numbers")
    if folder.exists():
        return failure(f"{folder.relative_to(root)} is there already")
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace(TEMPLATE.name, algorithm)
        file.write_text(text, encoding="utf-8")
    _list(algorithm, read_algorithm(folder).manifest["summary"], root / "docs" / "algorithms.md")
    output().print(
        Text(
            f"{folder.relative_to(root)}/ is a loop that works; make it yours, file by file, as "
            "docs/adding-an-algorithm.md says.\n"
            f"  make check-algorithm ID={algorithm}   # run its examples, with noise and without\n"
            "  make up   # submit jobs to it\n"
            "Its row in docs/algorithms.md has the summary of algorithm.json: change both."
        ),
        soft_wrap=True,
    )
    return 0


def _list(algorithm: str, summary: str, document: Path) -> None:
    """Add a row to the table of algorithms, which is ordered by id."""
    lines = document.read_text(encoding="utf-8").splitlines()
    lines.insert(_place(algorithm, lines), row(algorithm, summary))
    document.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _place(algorithm: str, lines: list[str]) -> int:
    rows = list(_rows(lines))
    return next((place for place, other in rows if other > algorithm), rows[-1][0] + 1)


def _rows(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the place and the id of each row of the first table that has ids."""
    for place, line in enumerate(lines):
        if found := _ROW.match(line):
            yield place, found["id"]
            if not lines[place + 1].startswith("|"):
                return
