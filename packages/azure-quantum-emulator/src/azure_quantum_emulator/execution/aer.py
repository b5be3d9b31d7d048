"""Qiskit Aer, the simulator of circuits: shots with or without noise, and probabilities.

No circuit is transpiled here: those that programs are read into consist of what Aer runs as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel

from azure_quantum_emulator.errors import SimulationError
from azure_quantum_emulator.execution.methods import STATEVECTOR, choose

SMALL = 14
"""Qubits up to which one thread is faster than several."""

_MEMORY = 2 ** (STATEVECTOR + 4 - 20)  # mebibytes


def sample(
    circuit: QuantumCircuit,
    shots: int,
    seed: int | None,
    *,
    noise: NoiseModel | None = None,
    method: str | None = None,
) -> list[int]:
    """Run *circuit* shot by shot, as a device does; return the classical bits of every shot.

    Args:
        circuit: in gates that Aer knows
        shots: how often
        seed: of everything random; None is another one each time
        noise: errors that go with the gates
        method: Aer's simulation method; None is the one that suits the circuit

    Raises:
        ProgramError: Aer cannot run it, for instance because it takes too much memory.

    """
    chosen = method or choose(circuit, noisy=noise is not None)
    options: dict[str, Any] = {"shots": shots, "memory": True, "seed_simulator": seed}
    if noise is not None:
        options["noise_model"] = noise
    data = _run(_simulator(chosen, small=circuit.num_qubits <= SMALL), circuit, options)
    # Without classical bits, or without a measurement, Aer has no memory to return.
    memory = data.get("memory") or ["0x0"] * shots
    bits = {value: int(value, 16) for value in set(memory)}
    return [bits[value] for value in memory]


def probabilities(circuit: QuantumCircuit) -> NDArray[np.float64]:
    """Return the probability of every state that *circuit*, which measures nothing, may end in.

    Raises:
        ProgramError: its state vector takes too much memory.

    """
    if circuit.num_qubits > STATEVECTOR:
        raise SimulationError(
            f"The program uses {circuit.num_qubits} qubits; exact results are computed for up to "
            f"{STATEVECTOR} here."
        )
    saving = circuit.copy()
    saving.save_probabilities()
    data = _run(_simulator("statevector", small=circuit.num_qubits <= SMALL), saving, {"shots": 1})
    found: NDArray[np.float64] = data["probabilities"]
    return found


def _run(simulator: Any, circuit: QuantumCircuit, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - Aer has no types
    result = simulator.run(circuit, **options).result()
    if not result.success:
        raise SimulationError(f"The simulator reported: {_reason(result)}")
    data: dict[str, Any] = result.results[0].data.to_dict()
    return data


def _reason(result: Any) -> str:  # noqa: ANN401 - Qiskit is not typed
    """Return Aer's error for the circuit, or for the whole run if it did not get that far."""
    return str(result.results[0].status) if result.results else str(result.status)


@cache
def _simulator(method: str, *, small: bool) -> Any:  # noqa: ANN401 - Qiskit is not typed
    # Set here, because options of a single run cost it half a millisecond each.
    return AerSimulator(
        method=method,
        max_parallel_threads=1 if small else 0,
        max_memory_mb=_MEMORY,
        # It fails on a condition before the first measurement; unused qubits are left out before.
        enable_truncation=False,
    )
