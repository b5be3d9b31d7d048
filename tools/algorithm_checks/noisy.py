"""An example on the noisy simulator, if that can be over within a minute."""

from __future__ import annotations

import asyncio

from qjobs.ports import AlgorithmRunner
from tools.algorithm_checks.rehearsal import Rehearsal, entangling, gates_of, rehearse
from tools.algorithm_checks.simulator import NOISY, simulator

MOST_QUBITS = 10
"""Of a circuit: every shot computes all amplitudes, whose number doubles with each qubit."""
MOST_ENTANGLING_GATES = 500
"""Of a circuit: after each the noise is drawn anew."""
SECONDS = 60.0
"""The longest run of an example."""


async def rehearse_noisy(
    noiseless: Rehearsal, algorithms: AlgorithmRunner, seconds: float = SECONDS
) -> Rehearsal | str:
    """Run an example again, with noise; return the reason instead if it is not run to its end."""
    reason = _obstacle(noiseless)
    if reason:
        return reason
    async with simulator() as provider:
        try:
            async with asyncio.timeout(seconds):
                return await rehearse(noiseless.example, algorithms, provider, NOISY)
        except TimeoutError:
            return f"it was not over after {seconds:g} s"


def _obstacle(noiseless: Rehearsal) -> str | None:
    """Return the figure of an example that takes too long with noise; None if it may be run."""
    if not noiseless.programs:
        return "it runs no circuit"
    if noiseless.qubits > MOST_QUBITS:
        return f"a circuit has {noiseless.qubits} qubits; with noise up to {MOST_QUBITS} are quick"
    gates = max(entangling(gates_of([program])) for program in noiseless.programs)
    if gates > MOST_ENTANGLING_GATES:
        most = MOST_ENTANGLING_GATES
        return f"a circuit has {gates} gates on several qubits; with noise up to {most} are quick"
    return None
