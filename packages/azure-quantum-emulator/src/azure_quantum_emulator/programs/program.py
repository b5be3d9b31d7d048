"""Programs, ready to run: the common form of all input formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qiskit import QuantumCircuit

from azure_quantum_emulator.programs.records import Record


@dataclass(frozen=True, slots=True)
class GateCounts:
    """Gate counts of a program, from which its price is computed."""

    one_qubit: int = 0
    two_qubit: int = 0
    measurements: int = 0
    """Resets, and the first preparation of every qubit, are counted in."""


@dataclass(frozen=True, slots=True)
class Registers:
    """An output of named registers: the classical bits of each, its first one first."""

    bits: Mapping[str, range]


@dataclass(frozen=True, slots=True)
class AllQubits:
    """An output of a program without measurements: bit *i* is qubit *i*, whether used or not."""


@dataclass(frozen=True, slots=True)
class CircuitProgram:
    """A circuit with its measurements, and the form of its output.

    It has the gates that were submitted, and may have branches.
    """

    circuit: QuantumCircuit
    output: Record | Registers | AllQubits

    @property
    def num_qubits(self) -> int:
        """The number of qubits that a target needs."""
        num_qubits: int = self.circuit.num_qubits
        return num_qubits


@dataclass(frozen=True, slots=True)
class AdaptiveProgram:
    """A QIR program that computes with measurement outcomes; an interpreter runs each shot."""

    source: bytes
    """The module, as text or bitcode."""
    entry_point: str
    num_qubits: int
    superposed: int
    """Upper bound of the qubits that are ever in superposition."""
    zeros: Record
    """Its output if every value were zero."""
    gates: GateCounts
    """Counted as they stand in the program, however often they run."""
    results: int = 0
    """How many it declares."""
    is_computed: bool = False
    """Whether it computes which qubits, results or angles its instructions are for."""


@dataclass(frozen=True, slots=True)
class PulseProgram:
    """A sequence of laser pulses on atoms: a `pulser.Sequence`."""

    sequence: Any
    num_qubits: int
    """Atoms."""


type Program = CircuitProgram | AdaptiveProgram | PulseProgram


def tally(gate_sizes: Sequence[int], measurements: int) -> GateCounts:
    """Return the size of a program from the number of qubits of each of its gates.

    A gate on N > 2 qubits, controls and targets alike, counts as 6 (N - 2) two-qubit gates
    (Microsoft, "Azure Quantum pricing").
    """
    larger = sum(6 * (size - 2) for size in gate_sizes if size > 2)  # noqa: PLR2004 - see above
    return GateCounts(gate_sizes.count(1), gate_sizes.count(2) + larger, measurements)
