"""The checks of algorithms on a target of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from azure_quantum_emulator.testing import RunningEmulator
from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.file_catalogue import FileCatalogue
from tools.algorithm_checks.example import examples
from tools.algorithm_checks.rehearsal import Twice, rehearse
from tools.algorithm_checks.workspace import WorkspaceTarget

CATALOGUE = FileCatalogue(Path(__file__).parents[2] / "algorithms")


@pytest.fixture
def algorithms() -> Iterator[AlgorithmPool]:
    """Return the algorithms of the repository, as they are executed in production."""
    with closing(AlgorithmPool(CATALOGUE.folder)) as pool:
        yield pool


async def test_an_example_runs_on_a_target(
    quantum_emulator: RunningEmulator, algorithms: AlgorithmPool
) -> None:
    """Its jobs are submitted, followed and read as in production."""
    example = next(examples(CATALOGUE, ["ghz"], shots=100))
    target = WorkspaceTarget(AzureQuantumProvider(quantum_emulator.connect))

    rehearsal = await rehearse(example, Twice(algorithms, algorithms), target, "rigetti.sim.qvm")

    assert rehearsal.failure is None
    assert rehearsal.result is not None


async def test_what_the_provider_refuses_is_the_outcome(
    quantum_emulator: RunningEmulator, algorithms: AlgorithmPool
) -> None:
    """A target that does not exist fails the example with the provider's reason."""
    example = next(examples(CATALOGUE, ["ghz"], shots=100))
    target = WorkspaceTarget(AzureQuantumProvider(quantum_emulator.connect))

    rehearsal = await rehearse(example, Twice(algorithms, algorithms), target, "rigetti.qpu.none")

    assert rehearsal.failure
    assert rehearsal.result is None
