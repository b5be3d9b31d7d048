"""`python -m tools.algorithm_checks`: checks every algorithm before it is deployed.

The folder of each algorithm is checked: its files, schemas that typed clients can be generated
from, and its row in docs/algorithms.md. Then, for each worked example: its circuits are built and
compiled as they will be deployed, what they take is estimated, a noiseless simulator in this
process runs them, and the result is held against the algorithm's schema. With --target they run on
a target of the workspace that AZURE_QUANTUM_SUBSCRIPTION_ID, AZURE_QUANTUM_WORKSPACE_RG,
AZURE_QUANTUM_WORKSPACE_NAME and AZURE_QUANTUM_WORKSPACE_LOCATION name, for whoever is signed in
with `az login`.

With --report, which is `make check-algorithm ID=...`, they also run with noise where that is quick,
and .localdev/checks/<id>/report.md has for each example the result, the resources of each step, the
cost at every target with a published price, and plots of the convergence and of the counts.

The exit code is 1 if a folder or an example fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from itertools import groupby
from pathlib import Path

from rich.text import Text

from localdev.algorithm_folder import check_folder, folders
from localdev.algorithm_table import row_faults
from localdev.repository import ROOT
from localdev.terminal.console import notes, output
from qjobs.adapters.algorithm_files import read_algorithm
from qjobs.adapters.algorithm_pool import STEP_SECONDS, AlgorithmPool
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.errors import UnknownAlgorithmError
from tools.algorithm_checks.author_report import Trial, shown, write
from tools.algorithm_checks.example import Example, examples
from tools.algorithm_checks.noisy import rehearse_noisy
from tools.algorithm_checks.rehearsal import Provider, Rehearsal, Twice, rehearse
from tools.algorithm_checks.report import NOTES, as_json, as_markdown, as_table
from tools.algorithm_checks.simulator import NOISELESS, simulator

ALGORITHMS = ROOT / "algorithms"
REPORTS = ROOT / ".localdev" / "checks"
SIGN_OF_LIFE = 10.0
"""Seconds of silence about an example."""
_SILENT = logging.NullHandler()
"""Of the engine: what it logs of an algorithm is told with the example."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the algorithms that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.algorithm_checks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "algorithms", nargs="*", metavar="ALGORITHM", help="only these; all of them"
    )
    parser.add_argument("--target", metavar="ID", help="a target of the workspace; costs apply")
    parser.add_argument("--shots", type=int, metavar="N", help="what the algorithm prefers")
    parser.add_argument("--first", action="store_true", help="only the first example of each")
    parser.add_argument(
        "--report", action="store_true", help="write and show a report for the author of each"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that is known")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="append the table")
    options = parser.parse_args(arguments)
    if options.report and options.target:
        parser.error("--report runs the examples on simulators, without --target")
    logging.getLogger("qjobs").addHandler(_SILENT)
    catalogue = FileCatalogue(ALGORITHMS)
    faults = _faults(options.algorithms)
    if faults:
        notes().print(Text("\n".join(faults), style="red"), soft_wrap=True)
        return 1
    try:
        chosen = [
            example
            for example in examples(catalogue, options.algorithms, options.shots)
            if example.number == 1 or not options.first
        ]
    except UnknownAlgorithmError as error:
        parser.error(error.detail)
    with (
        closing(AlgorithmPool(catalogue.folder, size=1)) as first,
        closing(AlgorithmPool(catalogue.folder, size=1)) as second,
    ):
        algorithms = Twice(first, second)
        target = options.target or NOISELESS
        provider = _provider(options.target)
        rehearsals = asyncio.run(_rehearse(chosen, algorithms, provider, target))
        trials = asyncio.run(_with_noise(rehearsals, algorithms)) if options.report else []
    documents = as_json(rehearsals)
    for algorithm, of_one in groupby(trials, key=lambda one: one.noiseless.example.algorithm):
        folder = REPORTS / algorithm
        output().print(shown(write(folder, list(of_one))))
        output().print(f"\nWith plots: {folder / 'report.md'}\n", soft_wrap=True)
    output().print(as_table(documents), f"\n{NOTES}")
    if options.json:
        text = json.dumps(documents, indent=2, ensure_ascii=False)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    if options.markdown:
        with options.markdown.open("a", encoding="utf-8") as page:
            page.write(as_markdown(documents))
    failed = [*(one.failure for one in rehearsals), *(one.failure for one in trials)]
    return 1 if any(failed) else 0


def _faults(algorithms: Sequence[str]) -> list[str]:
    """Return the faults of the algorithms that are asked for, or of all: of folders and rows."""
    chosen = [one for one in folders(ALGORITHMS) if not algorithms or one.name in algorithms]
    found = [fault for folder in chosen for fault in check_folder(folder)]
    document = ALGORITHMS.parent / "docs" / "algorithms.md"
    if found or not document.is_file():  # a catalogue of its own has no document
        return found
    summaries = {folder.name: read_algorithm(folder).manifest["summary"] for folder in chosen}
    known = None if algorithms else summaries
    return row_faults(document.read_text(encoding="utf-8"), summaries, known=known)


def _provider(target: str | None) -> AbstractAsyncContextManager[Provider]:
    if target is None:
        return simulator()
    # The SDK takes half a second to import.
    from qjobs.adapters.azure_quantum import AzureQuantumProvider  # noqa: PLC0415 - see above
    from tools.algorithm_checks.workspace import WorkspaceTarget, connect  # noqa: PLC0415 - see above

    return nullcontext(WorkspaceTarget(AzureQuantumProvider(connect)))


async def _rehearse(
    chosen: Sequence[Example],
    algorithms: Twice,
    provider: AbstractAsyncContextManager[Provider],
    target: str,
) -> list[Rehearsal]:
    """Run the examples one after the other, saying which."""
    console, rehearsals = notes(), list[Rehearsal]()
    async with provider as run:
        for example in chosen:
            console.print(f"{example.algorithm}, example {example.number}")
            rehearsal = await _with_signs_of_life(rehearse(example, algorithms, run, target))
            rehearsals.append(rehearsal)
            _tell(rehearsal)
    return rehearsals


async def _with_noise(rehearsals: Sequence[Rehearsal], algorithms: Twice) -> list[Trial]:
    """Run those examples again that have not failed, with noise."""
    trials = []
    for one in rehearsals:
        noisy: Rehearsal | str = "it fails without noise"
        if one.failure is None:
            notes().print(f"{one.example.algorithm}, example {one.example.number}, with noise")
            noisy = await _with_signs_of_life(rehearse_noisy(one, algorithms))
        if isinstance(noisy, Rehearsal):
            _tell(noisy)
        trials.append(Trial(one, noisy))
    return trials


def _tell(rehearsal: Rehearsal) -> None:
    """Print the failure of an example, if it is one, with the traceback."""
    if rehearsal.failure:
        told = "\n".join(filter(None, (f"  {rehearsal.failure}", rehearsal.trace)))
        notes().print(Text(told, style="red"), soft_wrap=True)


async def _with_signs_of_life[T](work: Coroutine[None, None, T]) -> T:
    """Wait for *work*, and say every while that it is not over."""
    running = asyncio.ensure_future(work)
    seconds = 0.0
    while not (await asyncio.wait({running}, timeout=SIGN_OF_LIFE))[0]:
        seconds += SIGN_OF_LIFE
        notes().print(f"  not over after {seconds:g} s; a step may take {STEP_SECONDS:g} s")
    return running.result()


if __name__ == "__main__":
    sys.exit(main())
