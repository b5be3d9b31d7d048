"""How targets turn a program into outcomes, on Qiskit Aer.

No circuit is transpiled: the QIR instruction set is a subset of what Aer runs as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from localdev.emulator.errors import ProgramError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from localdev.emulator.programs.qir import Program

type Shots = list[int]
"""For each shot its bits as a number: bit *i* is QIR result *i*."""

SMALL = 14  # qubits up to which one thread is faster than several
STATEVECTOR = 20  # qubits up to which Aer need not look for a method that takes less memory


def sample(program: Program, shots: int, seed: int | None) -> Shots:
    """Run *program* shot by shot, as a device does.

    Raises:
        ProgramError: Aer cannot run it, for instance because it takes too much memory.

    """
    circuit = program.circuit
    simulator = _simulator(circuit.num_qubits)
    data = _run(simulator, circuit, shots=shots, memory=True, seed_simulator=seed)
    # Without classical bits, or without a measurement, Aer has no memory to return.
    memory = data.get("memory") or ["0x0"] * shots
    bits = {value: int(value, 16) for value in set(memory)}
    return [bits[value] for value in memory]


def round_down(program: Program, shots: int, seed: int | None) -> Shots:
    """Give every basis state its share of the shots, rounded down, in ascending order.

    That is what IonQ's simulator does: it does not sample, and fewer shots come back than asked for
    if the shares are no whole numbers. The basis is that of all qubits the program uses, whether
    they are measured or not.

    Raises:
        ProgramError: a qubit is used after its measurement, or Aer cannot run the program.

    """
    del seed  # nothing is random
    unitary, measured = _split(program.circuit)
    counts = np.floor(_probabilities(unitary) * shots + 1e-6)  # a share of 124.9999999 is 125
    outcomes: Shots = []
    for state in np.flatnonzero(counts):
        bits = sum((int(state) >> qubit & 1) << result for result, qubit in measured.items())
        outcomes += [bits] * int(counts[state])
    return outcomes


SIMULATORS: dict[str, Callable[[Program, int, int | None], Shots]] = {
    "sampling": sample,
    "rounding": round_down,
}
"""The ways to run a program by the name that targets call them."""


def warm_up() -> None:
    """Make Aer set up what it sets up once."""
    circuit = QuantumCircuit(1, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    _run(_simulator(1), circuit, shots=1, memory=True, seed_simulator=0)


@cache
def _simulator(qubits: int) -> Any:  # noqa: ANN401 - Qiskit is not typed
    # Set here, because options of a single run cost it half a millisecond each.
    return _configured(
        "statevector" if qubits <= STATEVECTOR else "automatic", 1 if qubits <= SMALL else 0
    )


@cache
def _configured(method: str, threads: int) -> Any:  # noqa: ANN401 - Qiskit is not typed
    return AerSimulator(method=method, max_parallel_threads=threads)


def _run(simulator: Any, circuit: QuantumCircuit, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    result = simulator.run(circuit, **options).result()
    if not result.success:
        raise ProgramError(f"The simulator reported: {result.status}", "SimulationFailed")
    data: dict[str, Any] = result.results[0].data.to_dict()
    return data


def _split(circuit: QuantumCircuit) -> tuple[QuantumCircuit, dict[int, int]]:
    """Return the gates of *circuit* alone, and by result id which of its qubits is measured.

    Qubits without a gate are left out if they are not measured either.
    """
    measured: dict[int, int] = {}
    finished: set[int] = set()
    gates: list[tuple[Any, list[int]]] = []
    for instruction in circuit.data:
        qubits = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        match instruction.operation.name:
            case "barrier":
                continue
            case "measure":
                measured[circuit.find_bit(instruction.clbits[0]).index] = qubits[0]
            case "reset" if finished.issuperset(qubits):
                continue  # of a qubit that is never used again, or the use is refused below
            case name if name == "reset" or not finished.isdisjoint(qubits):
                raise ProgramError("This target measures once, at the end, and does not reset.")
            case _:
                gates.append((instruction.operation, qubits))
                continue
        finished.update(qubits)
    return _compact(gates, measured)


def _compact(
    gates: Sequence[tuple[Any, list[int]]], measured: dict[int, int]
) -> tuple[QuantumCircuit, dict[int, int]]:
    used = sorted({q for _, qubits in gates for q in qubits} | set(measured.values()))
    place = {qubit: index for index, qubit in enumerate(used)}
    compact = QuantumCircuit(len(used))
    for operation, qubits in gates:
        compact.append(operation, [place[qubit] for qubit in qubits])
    return compact, {result: place[qubit] for result, qubit in measured.items()}


def _probabilities(circuit: QuantumCircuit) -> NDArray[np.float64]:
    if not circuit.num_qubits:
        return np.ones(1)
    circuit.save_probabilities()
    data = _run(_simulator(circuit.num_qubits), circuit, shots=1)
    probabilities: NDArray[np.float64] = data["probabilities"]
    return probabilities
