"""Simulators of the emulator, which execute the deployed programs without storage and HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Task
from azure_quantum_emulator.workers import Workers
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import ProviderRejectedError
from qjobs.domain.plan import ProviderJob
from tools.algorithm_checks.rehearsal import Provider

NOISELESS = "local.sim.aer"
NOISY = "local.sim.aer-noisy"
_PROGRAM_SECONDS = 600.0
"""The longest run of one program."""
_OUTPUT = "microsoft.quantum-results.v2"


@asynccontextmanager
async def simulator() -> AsyncIterator[Provider]:
    """Provide a function that runs jobs on the simulators that they name, in a child process.

    At the end the process is killed, whatever it is doing. The function raises
    ProviderRejectedError if the simulator does not take a job.
    """
    workers = Workers(1)
    await workers.start()

    async def simulate(jobs: Sequence[ProviderJob]) -> list[Counts]:
        counts = []
        async with workers.idle() as worker:
            for job in jobs:
                done = await workers.run(worker, job.id, task_of(job), _PROGRAM_SECONDS)
                if isinstance(done, JobError):
                    raise ProviderRejectedError(f"{done.code}: {done.message}")
                counts.append(counts_of(done.output))
        return counts

    try:
        yield simulate
    finally:
        await workers.stop()


def task_of(job: ProviderJob) -> Task:
    """Return a job as the task of a worker of the emulator."""
    return Task(
        target=job.target,
        source=job.program.text.encode(),
        input_format=job.program.format,
        input_params={
            **job.options,
            "shots": job.shots,
            "seed": job.seed,
            "items": [{"entryPoint": job.program.entry_point, "arguments": []}],
        },
        output_format=_OUTPUT,
    )
