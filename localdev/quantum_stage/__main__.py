"""`python -m localdev.quantum_stage`: tries every algorithm before it is deployed.

For each worked example of each algorithm: its circuits are built and compiled as they will be
deployed, what they take is estimated, a noiseless simulator runs them, and the result is held
against the algorithm's schema. The exit code is 1 if an example fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from localdev.azurite import ROOT
from localdev.console import notes, output
from localdev.quantum_stage.example import Example, examples
from localdev.quantum_stage.rehearsal import Rehearsal, rehearse
from localdev.quantum_stage.report import NOTES, as_json, as_markdown, as_table
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qiskit_circuits import QiskitCircuits
from qjobs.domain.errors import UnknownAlgorithmError


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the algorithms that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m localdev.quantum_stage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "algorithms", nargs="*", metavar="ALGORITHM", help="only these; all of them"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that is known")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="append the table")
    options = parser.parse_args(arguments)
    catalogue = FileCatalogue(ROOT / "algorithms")
    try:
        chosen = list(examples(catalogue, options.algorithms))
    except UnknownAlgorithmError as error:
        parser.error(error.detail)
    documents = as_json(asyncio.run(_rehearse(chosen, QiskitCircuits(catalogue))))
    output().print(as_table(documents), NOTES, sep="\n\n")
    if options.json:
        text = json.dumps(documents, indent=2, ensure_ascii=False)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    if options.markdown:
        with options.markdown.open("a", encoding="utf-8") as page:
            page.write(as_markdown(documents))
    return 1 if any(document["failure"] for document in documents) else 0


async def _rehearse(chosen: Sequence[Example], circuits: QiskitCircuits) -> list[Rehearsal]:
    """Run the examples one after the other, saying which."""
    console, rehearsals = notes(), list[Rehearsal]()
    for example in chosen:
        console.print(f"{example.algorithm}, example {example.number}")
        rehearsals.append(await rehearse(example, circuits))
    return rehearsals


if __name__ == "__main__":
    sys.exit(main())
