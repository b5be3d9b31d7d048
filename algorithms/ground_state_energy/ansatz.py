"""Families of states among which the energy is minimised, as circuits with angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit

from algorithms.ground_state_energy.rotations import rotate

type Rotation = tuple[str, float]
"""A Pauli string and the factor of the angle by which it is rotated."""


@dataclass(frozen=True, slots=True)
class Ansatz:
    """A state that is prepared, and rotations after it, in blocks that share an angle."""

    kind: str
    reference: QuantumCircuit
    blocks: Sequence[Sequence[Rotation]]
    """One for each angle, in the order of the circuit."""
    start: Sequence[float]
    """The angles at which the search begins."""

    @property
    def is_sinusoidal(self) -> bool:
        """Whether each angle belongs to one rotation, so that the energy is a sinusoid of it."""
        return all(len(block) == 1 for block in self.blocks)

    def circuit(self, angles: Sequence[float]) -> QuantumCircuit:
        """Return the circuit of the state at *angles*, without measurements."""
        circuit = self.reference.copy()
        for block, angle in zip(self.blocks, angles, strict=True):
            for label, factor in block:
                rotate(circuit, label, factor * angle)
        return circuit


def folded(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return a circuit of the same state with three times the gates: C, its inverse, C again.

    It is unitary folding, which multiplies the noise of the gates by three (Giurgica-Tiron et al.,
    IEEE QCE 2020, 306).
    """
    whole = circuit.copy()
    whole.barrier()
    whole.compose(circuit.inverse(), inplace=True)
    whole.barrier()
    return whole.compose(circuit)
