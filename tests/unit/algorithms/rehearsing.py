"""Examples of the algorithms, run in this process as the engine runs them, each once for all tests.

Circuits are lowered to the programs that are deployed, and the emulator executes those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qiskit_algorithms import QiskitAlgorithms
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program
from qjobs.domain.plan import Plan, ProviderJob
from tools.algorithm_checks.example import Example, examples
from tools.algorithm_checks.rehearsal import Provider, Rehearsal, Twice, gates_of, rehearse
from tools.algorithm_checks.simulator import NOISELESS, task_of

ROOT = Path(__file__).parents[3] / "algorithms"
CATALOGUE = FileCatalogue(ROOT)
ALGORITHMS = QiskitAlgorithms(CATALOGUE)
EXAMPLES = list(examples(CATALOGUE))
NAMES = [f"{one.algorithm}-{one.number}" for one in EXAMPLES]


class TooMuchWork(Exception):  # noqa: N818 - it is no error
    """A run is given up: its circuits are larger than a test has time for."""


@dataclass(frozen=True, slots=True)
class InThisProcess:
    """The `AlgorithmRunner` without child processes."""

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step."""
        return ALGORITHMS.start(algorithm, inputs)

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step."""
        return ALGORITHMS.resume(algorithm, inputs, state, outcomes)


def run(example: Example, most_work: float | None = None) -> Rehearsal:
    """Run an example to its end without noise, every step computed twice.

    Raises:
        TooMuchWork: its circuits take more than *most_work*, in gates times amplitudes.

    """
    runner = InThisProcess()
    return asyncio.run(rehearse(example, Twice(runner, runner), provider(most_work), NOISELESS))


@cache
def rehearsed(number: int) -> Rehearsal:
    """Return the run of the example at a place of `EXAMPLES`."""
    return run(EXAMPLES[number])


def provider(most_work: float | None = None) -> Provider:
    """Return a function that executes programs, as many as are within *most_work*."""
    left = [most_work]

    async def simulate(jobs: Sequence[ProviderJob]) -> list[Counts]:
        if left[0] is not None:
            left[0] -= sum(work(job.program) for job in jobs)
            if left[0] < 0:
                raise TooMuchWork
        return [_counts(job) for job in jobs]

    return simulate


def work(program: Program) -> float:
    """Return the gates of a program times the amplitudes that each changes, 1,000 at least."""
    gates = sum(gates_of([program]).values()) or len(program.text) / 100
    return max(gates * 2.0**program.qubits, 1000.0)


def _counts(job: ProviderJob) -> Counts:
    done = execute(task_of(job))
    assert not isinstance(done, JobError), f"{done.code}: {done.message}"
    return counts_of(done.output)
