"""The simulators of targets, by the name that target files give them."""

from __future__ import annotations

from collections.abc import Callable

from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import InvalidInputError, ProgramError
from azure_quantum_emulator.execution import adaptive, aer, exact, pulses, sampling
from azure_quantum_emulator.execution.outcomes import Outcomes, shots_of
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs.program import (
    AdaptiveProgram,
    CircuitProgram,
    Program,
    PulseProgram,
)


def simulate(simulator: str, program: Program, run: Run) -> Outcomes:
    """Run *program* the way that targets call *simulator*.

    Raises:
        ProgramError: the target cannot run it.

    """
    return _SIMULATORS[simulator](program, run)


def warm_up() -> None:
    """Run one small circuit, so that Aer's setup is done."""
    circuit = QuantumCircuit(1, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    aer.sample(circuit, 1, 0)


def _sample(program: Program, run: Run) -> Outcomes:
    """Run a program shot by shot."""
    match program:
        case CircuitProgram():
            return sampling.sample(program, run)
        case AdaptiveProgram():
            return adaptive.sample(program, run)
        case PulseProgram():
            return pulses.sample(program, run)


def _round(program: Program, run: Run) -> Outcomes:
    """Compute exact probabilities; with a noise model, sample."""
    if not isinstance(program, CircuitProgram):
        raise ProgramError(
            "This target runs straight circuits, and no program that depends on its own "
            "measurements, calls functions of its own, or computes."
        )
    if run.device is not None:
        return sampling.sample(program, run)
    return exact.compute(program, run)


def _check_syntax(program: Program, run: Run) -> Outcomes:
    """Run nothing: all that is measured is zero."""
    match program:
        case CircuitProgram():
            return shots_of(program.output, [0] * run.shots)
        case AdaptiveProgram():
            return adaptive.zeros(program, run)
        case PulseProgram():
            raise InvalidInputError("This target checks no sequences of pulses.")


_SIMULATORS: dict[str, Callable[[Program, Run], Outcomes]] = {
    "sampling": _sample,
    "rounding": _round,
    "syntax-check": _check_syntax,
}
