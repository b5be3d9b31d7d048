"""The checks of algorithms on a target of a workspace."""

from __future__ import annotations

from pathlib import Path

from azure_quantum_emulator.testing import RunningEmulator
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qiskit_algorithms import QiskitAlgorithms
from tools.algorithm_checks.example import examples
from tools.algorithm_checks.rehearsal import rehearse
from tools.algorithm_checks.workspace import WorkspaceTarget

CATALOGUE = FileCatalogue(Path(__file__).parents[2] / "algorithms")


async def test_an_example_runs_on_a_target(quantum_emulator: RunningEmulator) -> None:
    """Its jobs are submitted, followed and read as in production."""
    example = next(examples(CATALOGUE, ["ghz"], shots=100))
    target = WorkspaceTarget(AzureQuantumProvider(quantum_emulator.connect), "rigetti.sim.qvm")

    rehearsal = await rehearse(example, QiskitAlgorithms(CATALOGUE), target)

    assert rehearsal.failure is None
    assert rehearsal.result is not None


async def test_what_the_provider_refuses_is_the_outcome(quantum_emulator: RunningEmulator) -> None:
    """A target that does not exist fails the example with the provider's reason."""
    example = next(examples(CATALOGUE, ["ghz"], shots=100))
    target = WorkspaceTarget(AzureQuantumProvider(quantum_emulator.connect), "rigetti.qpu.none")

    rehearsal = await rehearse(example, QiskitAlgorithms(CATALOGUE), target)

    assert rehearsal.failure
    assert rehearsal.result is None
