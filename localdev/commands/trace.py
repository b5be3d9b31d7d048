"""`python -m localdev trace JOB_ID`: prints all that was done for a job, as a tree with times."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import cast

from azure_quantum_emulator.serving.ready_file import read_ready_file
from localdev.commands.span_tree import lines_of, read_trees, trees_of
from localdev.commands.up import READY_FILE
from localdev.stack.facts import StackFacts
from localdev.terminal.command_scope import failure

SPANS = "spans.jsonl"
"""The file of spans in the folder of telemetry."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    add = parser.add_argument
    add("job", metavar="JOB_ID", help="of the job, as the API gives it")
    add(
        "--ready-file",
        type=Path,
        default=READY_FILE,
        metavar="FILE",
        help="what `up` wrote; .localdev/up.json in the repository",
    )
    add(
        "--telemetry",
        type=Path,
        metavar="DIR",
        help="folder of the spans, of a stack that has stopped: telemetry/ in what `up --data` "
        "was given",
    )


def run(arguments: Namespace) -> int:
    """Print the spans of a job; return the exit code."""
    folder: Path | None = arguments.telemetry
    if folder is None:
        facts = cast("StackFacts | None", read_ready_file(arguments.ready_file))
        if facts is None:
            return failure(f"{arguments.ready_file} is not there: start the stack with `make up`")
        if not facts["functions"].get("telemetry"):
            return failure("the functions write no spans: QJOBS_TELEMETRY_DIRECTORY is not set")
        folder = Path(facts["functions"]["telemetry"])
    try:
        trees = trees_of(arguments.job.lower(), read_trees(folder / SPANS))
    except FileNotFoundError:
        return failure(f"there is no {folder / SPANS}: no job has been submitted yet")
    if not trees:
        return failure(f"{folder / SPANS} has no span of the job {arguments.job}")
    sys.stdout.write("".join(f"{line}\n" for line in lines_of(trees)))
    return 0
