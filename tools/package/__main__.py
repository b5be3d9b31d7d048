"""`python -m tools.package`: builds the deployment package, its bill of materials and its log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from localdev.repository import ROOT
from localdev.terminal.console import notes, output
from tools.package.build import build
from tools.package.bytecode import BytecodeError
from tools.package.cold_start import cold_start
from tools.package.licences import LicenceError
from tools.package.log import build_log
from tools.package.requirements import RequirementError

_WIDTH = 100


def main(arguments: list[str] | None = None) -> int:
    """Build the package as *arguments* say; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.package",
        description=__doc__,
        epilog="exit codes: 0 success; 1 the package may not be deployed; 2 wrong command line",
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "dist", metavar="DIR", help="where to (dist/)"
    )
    parser.add_argument(
        "--repetitions",
        type=int,
        default=7,
        metavar="N",
        help="how often to measure a cold start (7); with 0 it is not",
    )
    chosen = parser.parse_args(arguments)
    folder: Path = chosen.output
    try:
        built = build(ROOT)
    except (RequirementError, LicenceError, BytecodeError, SyntaxError) as error:
        for line in str(error).splitlines():
            notes().print(Text(f"error: {line}", style="red"))
        return 1
    built.write(folder)
    figures = cold_start(built.archive, chosen.repetitions) if chosen.repetitions > 0 else []
    parts = list(build_log(built, figures))
    with (folder / f"{built.stem}.txt").open("w", encoding="utf-8", newline="\n") as log:
        for console in (output(), Console(file=log, width=_WIDTH)):
            for part in parts:
                console.print(part)
    output().print(Text(f"\nwritten to {folder}/{built.stem}.zip, .cdx.json and .txt"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
