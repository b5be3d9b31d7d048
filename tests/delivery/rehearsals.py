"""Examples of algorithms for tests, and how they are run."""

from __future__ import annotations

from pathlib import Path

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.ports import AlgorithmRunner
from tools.algorithm_checks.example import Example, examples
from tools.algorithm_checks.rehearsal import Rehearsal, Twice, rehearse
from tools.algorithm_checks.simulator import NOISELESS, simulator

ALGORITHMS = Path(__file__).parents[2] / "algorithms"
CATALOGUE = FileCatalogue(ALGORITHMS)


async def rehearsed(
    example: Example, algorithms: AlgorithmRunner, target: str = NOISELESS
) -> Rehearsal:
    """Run an example on a simulator, with every step computed twice by the same runner."""
    async with simulator() as provider:
        return await rehearse(example, Twice(algorithms, algorithms), provider, target)


def example(shots: int | None = 100) -> Example:
    """Return one example that takes five qubits."""
    return next(one for one in examples(CATALOGUE, ["ghz"], shots) if one.number == 1)
