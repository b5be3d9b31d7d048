"""Noiseless simulator, which executes the deployed QIR in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Task
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.algorithm import Counts, Inputs, Program
from qjobs.domain.errors import ProviderRejectedError

_TARGET = "local.sim.aer"
_OUTPUT = "microsoft.quantum-results.v2"


async def simulate(programs: Sequence[Program], inputs: Inputs) -> list[Counts]:
    """Return the counts of each of *programs*.

    Raises:
        ProviderRejectedError: the simulator does not take one.

    """
    seed = inputs.seed or 0
    return [
        await asyncio.to_thread(_counts, program, inputs.shots, seed + place)
        for place, program in enumerate(programs)
    ]


def _counts(program: Program, shots: int, seed: int) -> Counts:
    done = execute(
        Task(
            target=_TARGET,
            source=program.text.encode(),
            input_format=program.format,
            input_params={"shots": shots, "seed": seed},
            output_format=_OUTPUT,
        )
    )
    if isinstance(done, JobError):
        raise ProviderRejectedError(f"{done.code}: {done.message}")
    return counts_of(done.output)
