"""`python -m localdev.package`: build the deployment package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from localdev.azurite import ROOT
from localdev.console import output
from localdev.package.archive import pack
from localdev.package.bundle import read_bundle
from localdev.package.bytecode import BytecodeError, compiled
from localdev.package.release import release


def main() -> int:
    """Write the package to the folder on the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m localdev.package", description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=ROOT / "dist", metavar="DIR", help="where to (dist/)"
    )
    folder: Path = parser.parse_args().output
    state = release(ROOT)
    sources = read_bundle(ROOT)
    try:
        archive = pack(sources | compiled(sources), state.moment)
    except (BytecodeError, SyntaxError) as error:
        output().print(f"error: {error}")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"qjobs-{state.version}.zip").write_bytes(archive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
