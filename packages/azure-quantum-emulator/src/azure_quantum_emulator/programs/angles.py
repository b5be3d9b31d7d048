"""Angles of gates: an angle that is no number would give outcomes that are none."""

from __future__ import annotations

import sys

import numpy as np
from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import InvalidInputError


def is_number(value: object) -> bool:
    """Return whether a value of JSON is a number that a gate can have as a parameter."""
    largest = sys.float_info.max
    return type(value) in {int, float} and -largest <= value <= largest  # type: ignore[operator]


def check(circuit: QuantumCircuit) -> None:
    """Refuse a circuit that has a gate with a parameter that is no number, or infinite.

    Raises:
        ProgramError: it has one; the message names the gate.

    """
    for instruction in circuit.data:
        operation = instruction.operation
        for block in getattr(operation, "blocks", ()):
            check(block)
        for value in operation.params:
            if isinstance(value, int | float | complex | np.ndarray) and not np.all(
                np.isfinite(value)
            ):
                raise InvalidInputError(
                    f"The gate {operation.name} has a parameter that is no number."
                )
