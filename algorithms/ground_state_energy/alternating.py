"""The ansatz of spin models: the ground state of some terms, and evolutions by all in turn.

It is the Hamiltonian variational ansatz (Wecker, Hastings and Troyer, Phys. Rev. A 92, 042303,
2015; Wiersema et al., PRX Quantum 1, 020319, 2020). The terms are divided into classes that commute
within themselves. A class whose terms act on separate pairs of qubits has a product state as its
ground state: that with the least energy of the whole Hamiltonian is the start.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit.library import StatePreparation
from qiskit.quantum_info import PauliList, SparsePauliOp, Statevector

from algorithms.ground_state_energy.ansatz import Ansatz, Rotation
from algorithms.ground_state_energy.excitations import excitations
from algorithms.ground_state_energy.hamiltonian import Hamiltonian

_RAMP = 0.8
"""The greatest angle at the start of the search."""

type Terms = list[tuple[str, float]]
type Class = dict[tuple[int, ...], Terms]
"""The terms of a class by the qubits on which they act."""


def alternating(hamiltonian: Hamiltonian, layers: int) -> Ansatz:
    """Return the ansatz, with one angle for each class and layer.

    Each term has to act on at most two qubits.
    """
    classes = _classes(hamiltonian)
    start, last = _start(hamiltonian, classes)
    order = [one for one in classes if one is not last] + [one for one in classes if one is last]
    blocks = [_block(one) for _ in range(layers) for one in order]
    return Ansatz("Alternating", start, blocks, _ramp(len(order), layers))


def _ramp(classes: int, layers: int) -> list[float]:
    """Return the first angles: those of the last class fall, the others rise, as in annealing.

    The start is the ground state of the last class, from which slow changes lead to that of all.
    """
    shares = [(layer + 0.5) / layers for layer in range(layers)]
    return [
        _RAMP * (share if one < classes - 1 else 1 - share)
        for share in shares
        for one in range(classes)
    ]


def _classes(hamiltonian: Hamiltonian) -> list[Class]:
    """Return the classes; terms on the same qubits are kept together, and may not commute."""
    clusters: Class = {}
    for label, number in hamiltonian.terms:
        qubits = tuple(q for q, letter in enumerate(reversed(label)) if letter != "I")
        clusters.setdefault(qubits, []).append((label, number))
    classes: list[Class] = []
    for qubits, terms in clusters.items():
        paulis = PauliList([label for label, _ in terms])
        for one in classes:
            others = PauliList([label for label, _ in chain.from_iterable(one.values())])
            if all(paulis.commutes(other).all() for other in others):
                one[qubits] = terms
                break
        else:
            classes.append({qubits: terms})
    return classes


def _block(one: Class) -> list[Rotation]:
    """Return the evolution by a class.

    The greatest difference of two eigenvalues on the same qubits counts as 2, as of one Pauli
    string: so angles of all classes are of one size, whatever the unit of the energy.
    """
    unit = max(
        float(np.ptp(np.linalg.eigvalsh(_local(qubits, terms).to_matrix()))) / 2
        for qubits, terms in one.items()
    )
    return [(label, 2 * number / unit) for label, number in chain.from_iterable(one.values())]


def _start(hamiltonian: Hamiltonian, classes: list[Class]) -> tuple[QuantumCircuit, Class | None]:
    """Return the state with the least energy, and the class of which it is the ground state."""
    candidates: list[tuple[QuantumCircuit, Class | None]] = [
        *((_ground_state(one, hamiltonian.qubits), one) for one in classes if _is_separate(one)),
        (excitations(hamiltonian, 0).reference, None),
    ]
    energies = [
        float(np.real(Statevector(circuit).expectation_value(hamiltonian.operator)))
        for circuit, _ in candidates
    ]
    # Rounded, so that the first of equals is chosen whatever the machine.
    return candidates[int(np.argmin(np.round(energies, 9)))]


def _is_separate(one: Class) -> bool:
    qubits = list(chain.from_iterable(one))
    return len(qubits) == len(set(qubits))


def _ground_state(one: Class, qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    for places, terms in one.items():
        state = np.linalg.eigh(_local(places, terms).to_matrix())[1][:, 0]
        circuit.compose(_preparation(state), places, inplace=True)
    return circuit


def _local(qubits: tuple[int, ...], terms: Terms) -> SparsePauliOp:
    """Return terms as an operator on the qubits on which they act."""
    return SparsePauliOp.from_list(
        [("".join(label[-1 - q] for q in reversed(qubits)), number) for label, number in terms]
    )


def _preparation(state: np.ndarray) -> QuantumCircuit:
    # The phase of an eigenvector is arbitrary: its largest element is made positive.
    largest = state[int(np.argmax(np.round(np.abs(state), 9)))]
    whole = QuantumCircuit(int(np.log2(len(state))))
    whole.append(StatePreparation(state * abs(largest) / largest), whole.qubits)
    return _decomposed(whole)


def _decomposed(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return a circuit of gates alone, so that they can be counted and inverted."""
    for _ in range(8):
        if all(one.operation.name in _KNOWN for one in circuit.data):
            break
        circuit = circuit.decompose()
    return circuit


_KNOWN = frozenset(("h", "x", "y", "z", "s", "sdg", "rx", "ry", "rz", "cx", "u", "p"))
