"""Running circuits shot by shot, with the noise of a device or without."""

from __future__ import annotations

from azure_quantum_emulator.execution import aer, noise
from azure_quantum_emulator.execution.lowering import lower
from azure_quantum_emulator.execution.native import compact, translate
from azure_quantum_emulator.execution.outcomes import Outcomes, shots_of
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs.program import CircuitProgram


def sample(program: CircuitProgram, run: Run) -> Outcomes:
    """Run a circuit as a device does.

    Raises:
        ProgramError: Aer cannot run it, for instance because it takes too much memory.

    """
    if run.device is None:
        circuit, model = lower(compact(program.circuit)), None
    else:
        circuit, model = translate(run.device, program.circuit), noise.model(run.device)
    bits = aer.sample(circuit, run.shots, run.seed_below(63), noise=model, method=run.method)
    return shots_of(program.output, bits)
