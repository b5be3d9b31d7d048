"""The choice of Aer's simulation method for a circuit."""

from __future__ import annotations

from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import SimulationError

DENSITY_MATRIX = 9
"""Qubits up to which noise is cheaper in a density matrix, computed once, than shot by shot."""

SMALL_STATEVECTOR = 15
"""Qubits up to which nothing is quicker than a state vector."""

STATEVECTOR = 26
"""Qubits whose state vector fits: 2^26 amplitudes of 16 bytes are a gibibyte."""

ENTANGLEMENT = 6
"""Logarithm of the bond dimension up to which a matrix product state is quick: every further one
takes five times as long, and six take half a second for 36 qubits."""

_CLIFFORD = frozenset(
    {"id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap", "ecr"}
)
_NO_GATES = frozenset({"measure", "reset", "barrier", "store"})
_CONTROLLED = frozenset(
    {"cx", "cy", "cz", "cp", "crx", "cry", "crz", "csx", "cu", "cu1", "cu3", "ccx", "ccz", "ecr"}
    | {"rxx", "ryy", "rzz", "rzx"}
)
"""Gates that are a sum of two products of gates on single qubits, wherever qubits are divided."""


def choose(circuit: QuantumCircuit, *, noisy: bool) -> str:
    """Return the method for a circuit in gates that Aer knows.

    A state vector is the method for circuits that fit, but Clifford gates alone take next to
    nothing as a stabilizer state. Larger ones run if all their gates are Clifford gates, or if
    their qubits, in the order of their numbers, cannot become too entangled for a matrix product
    state. All methods are exact.

    Raises:
        ProgramError: the circuit is too large for all of them.

    """
    qubits, branches = circuit.num_qubits, _branches(circuit)
    if noisy and qubits <= DENSITY_MATRIX and not branches:
        return "density_matrix"
    if not noisy and qubits <= SMALL_STATEVECTOR:
        return "statevector"
    if all(i.operation.name in _CLIFFORD | _NO_GATES for i in circuit.data):
        return "stabilizer"
    fits = qubits <= STATEVECTOR
    # With noise a state is computed for every shot, so it pays to choose the smaller one.
    smaller = noisy and not branches and _entanglement(circuit) <= qubits // 2
    if (smaller or not fits) and _entanglement(circuit) <= ENTANGLEMENT:
        return "matrix_product_state"
    if fits:
        return "statevector"
    raise SimulationError(
        f"The program uses {qubits} qubits. More than {STATEVECTOR} can be simulated here only if "
        "all gates are Clifford gates, or if few gates join qubits with lower numbers to such with "
        "higher ones."
    )


def _branches(circuit: QuantumCircuit) -> bool:
    return any(i.operation.name in {"if_else", "store"} for i in circuit.data)


def _entanglement(circuit: QuantumCircuit) -> int:
    """Return an upper bound of the logarithm of the bond dimension.

    Where qubits are divided in two, the Schmidt rank of the state is at most the product of the
    operator Schmidt ranks of the gates that act on both sides. Aer moves qubits to be neighbours
    before it joins them: one comes to a side and another one leaves it, each of which may double
    the rank.
    """
    across = [0] * circuit.num_qubits
    for instruction in circuit.data:
        name = instruction.operation.name
        if name in _NO_GATES:
            continue
        places = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        first, last = min(places), max(places)
        moved = last - first >= len(places)
        for cut in range(first, last):
            across[cut] += _rank(name, len(places)) + 2 * moved
    return max(across)


def _rank(name: str, qubits: int) -> int:
    """Return a bound of the logarithm of a gate's operator Schmidt rank.

    It is 4 to the number of qubits on the smaller side at most. A branch, which may have many
    gates, counts as if it could do anything to its qubits.
    """
    return 1 if name in _CONTROLLED else 2 * (qubits // 2)
