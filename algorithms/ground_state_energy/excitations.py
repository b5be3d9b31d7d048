"""The ansatz of molecules: the best basis state, and a rotation for each excitation of it.

For a molecule the best basis state is that of Hartree and Fock. Each set of qubits that terms of
the Hamiltonian flip is one excitation; its rotation is by a Pauli string that flips the same qubits
and keeps real amplitudes real, as in Tang et al., PRX Quantum 2, 020310 (2021).
"""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit

from algorithms.ground_state_energy.ansatz import Ansatz
from algorithms.ground_state_energy.hamiltonian import Hamiltonian


def excitations(hamiltonian: Hamiltonian, layers: int) -> Ansatz:
    """Return the ansatz, with one angle for each excitation and layer."""
    reference = QuantumCircuit(hamiltonian.qubits)
    state = int(np.argmin(hamiltonian.diagonal()))
    for qubit in range(hamiltonian.qubits):
        if state >> qubit & 1:
            reference.x(qubit)
    strings = [string for _ in range(layers) for string in _strings(hamiltonian)]
    return Ansatz(
        "Excitations",
        reference,
        [[(string, 1.0)] for string in strings],
        [0.0] * len(strings),
    )


def _strings(hamiltonian: Hamiltonian) -> list[str]:
    """Return the strings of the rotations, without repetition, in the order of the terms."""
    strings: dict[str, None] = {}
    for label, _ in hamiltonian.terms:
        flips = ["X" if letter in "XY" else "I" for letter in label]
        if "X" not in flips:
            continue
        # Terms with an odd number of Y have imaginary elements; the rotation that goes with them
        # has an even number.
        if label.count("Y") % 2 == 0:
            flips[len(flips) - 1 - flips[::-1].index("X")] = "Y"
        strings["".join(flips)] = None
    return list(strings)
