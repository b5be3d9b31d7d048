"""`python -m tools.algorithm_figures`: writes docs/catalogue.md anew, which is `make figures`.

Every example of every algorithm is run on the simulators of the emulator, without noise and, where
that is quick, with it. With ids, only these algorithms are measured anew; with --texts none is, and
the rest of the document follows the files of the algorithms and the prices.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from localdev.repository import ROOT
from localdev.terminal.console import notes
from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.file_catalogue import FileCatalogue
from tools.algorithm_checks.example import examples
from tools.algorithm_checks.simulator import simulator
from tools.algorithm_figures.document import Measured, measured_tables, page
from tools.algorithm_figures.measurements import measured

CATALOGUE = FileCatalogue(ROOT / "algorithms")
DOCUMENT = ROOT / "docs" / "catalogue.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the document; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.algorithm_figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "algorithms", nargs="*", metavar="ALGORITHM", help="measure only these; all of them"
    )
    parser.add_argument("--texts", action="store_true", help="measure none")
    parser.add_argument(
        "--document", type=Path, metavar="FILE", default=DOCUMENT, help="docs/catalogue.md"
    )
    options = parser.parse_args(arguments)
    ids = [str(entry["id"]) for entry in CATALOGUE.all()]
    unknown = [one for one in options.algorithms if one not in ids]
    if unknown:
        parser.error(f"there is no algorithm {unknown[0]}")
    document = options.document
    tables = measured_tables(document.read_text(encoding="utf-8")) if document.exists() else {}
    chosen = [] if options.texts else options.algorithms or ids
    tables |= asyncio.run(_measured(chosen))
    document.write_text(page(CATALOGUE, tables), encoding="utf-8")
    return 0


async def _measured(algorithms: Sequence[str]) -> dict[str, Measured]:
    """Return the measured tables of some algorithms."""
    tables = {}
    with closing(AlgorithmPool(CATALOGUE.folder, size=1)) as pool:
        async with simulator() as provider:
            if algorithms:  # the first run would have the imports in its seconds
                await measured(list(examples(CATALOGUE, algorithms[:1]))[:1], pool, provider)
            for algorithm in algorithms:
                notes().print(algorithm)
                chosen = list(examples(CATALOGUE, [algorithm]))
                version = str(CATALOGUE.describe(algorithm)["version"])
                table = await measured(chosen, pool, provider)
                tables[algorithm] = Measured(version, table)
    return tables


if __name__ == "__main__":
    sys.exit(main())
