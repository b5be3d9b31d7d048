"""Running sequences of pulses on neutral atoms, with Pulser's simulator."""

from __future__ import annotations

import numpy as np

from azure_quantum_emulator.errors import SimulationError
from azure_quantum_emulator.execution.outcomes import AtomCounts
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs.program import PulseProgram

LARGEST = 14
"""Atoms that the simulator has time for: it integrates the Schroedinger equation for all states."""


def sample(program: PulseProgram, run: Run) -> AtomCounts:
    """Integrate the motion of all atoms and measure them at the end.

    Raises:
        ProgramError: there are too many, or the simulator does not take the sequence.

    """
    # A second to import, and only for those who use it.
    from pulser.backend import BitStrings  # noqa: PLC0415 - see above
    from pulser_simulation import QutipBackendV2, QutipConfig  # noqa: PLC0415 - see above

    if program.num_qubits > LARGEST:
        raise SimulationError(
            f"The sequence has {program.num_qubits} atoms; {LARGEST} can be simulated here."
        )
    np.random.seed(run.seed_below(32))  # noqa: NPY002 - the generator that Pulser uses
    config = QutipConfig(observables=[BitStrings(num_shots=run.shots)])
    result = QutipBackendV2(program.sequence, config=config).run()
    counts = result.final_bitstrings
    return AtomCounts({state: int(count) for state, count in counts.items()})
