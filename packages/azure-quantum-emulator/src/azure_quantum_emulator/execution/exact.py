"""IonQ's simulator: exact probabilities, without sampling."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Qubit

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import aer
from azure_quantum_emulator.execution.lowering import lower
from azure_quantum_emulator.execution.native import compact
from azure_quantum_emulator.execution.outcomes import Outcomes, Probabilities, shots_of
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs.program import AllQubits, CircuitProgram

_DIGITS = 12
"""Decimal places that rounding errors do not reach."""


def compute(program: CircuitProgram, run: Run) -> Outcomes:
    """Return the exact probabilities of all qubits, or shots in exactly these shares.

    A program whose output is all qubits gets the probabilities. Otherwise every basis state gets
    its share of the shots, rounded down, in ascending order, so fewer shots come back than asked
    for if the shares are no whole numbers. The basis is that of all qubits the program uses,
    whether they are measured or not.

    Raises:
        ProgramError: a qubit is used after its measurement, or there are too many qubits.

    """
    unitary, measured = _split(lower(program.circuit))
    probabilities = aer.probabilities(unitary) if unitary.num_qubits else np.ones(1)
    if isinstance(program.output, AllQubits):
        rounded = np.round(probabilities, _DIGITS)
        occurring = map(int, np.flatnonzero(rounded))
        return Probabilities({_bits(n, measured): float(rounded[n]) for n in occurring})
    counts = np.floor(probabilities * run.shots + 1e-6)  # a share of 124.9999999 is 125
    shots: list[int] = []
    for state in map(int, np.flatnonzero(counts)):
        shots += [_bits(state, measured)] * int(counts[state])
    return shots_of(program.output, shots)


def _bits(state: int, measured: dict[int, int]) -> int:
    """Return the classical bits after measurement of a basis state."""
    return sum((state >> qubit & 1) << bit for bit, qubit in measured.items())


def _split(circuit: QuantumCircuit) -> tuple[QuantumCircuit, dict[int, int]]:
    """Return the gates of *circuit* alone, and by classical bit which of its qubits is measured.

    Qubits without a gate are left out: they are zero, measured or not.
    """
    measured: dict[int, Qubit] = {}
    finished: set[Qubit] = set()
    discarded: set[Qubit] = set()  # reset after their measurement, so not to be used again
    gates = circuit.copy_empty_like()
    for instruction in circuit.data:
        match instruction.operation.name:
            case "barrier":
                continue
            case "measure" if discarded.isdisjoint(instruction.qubits):
                bit = circuit.find_bit(instruction.clbits[0]).index
                measured[bit] = instruction.qubits[0]
            case "reset" if finished.issuperset(instruction.qubits):
                discarded.update(instruction.qubits)
                continue
            case name if name in {"reset", "if_else"} or not finished.isdisjoint(
                instruction.qubits
            ):
                raise ProgramError("This target measures once, at the end, and does not reset.")
            case _:
                gates.append(instruction)
                continue
        finished.update(instruction.qubits)
    unitary = compact(gates)
    places = {qubit: place for place, qubit in enumerate(unitary.qubits)}
    return unitary, {bit: places[qubit] for bit, qubit in measured.items() if qubit in places}
