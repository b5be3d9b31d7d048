"""Checks of the decisions of an algorithm beside its circuits: shots, progress, programs."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from qjobs.domain.algorithm import Program, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.qir_attributes import required_qubits

_MOST_SHOTS = 1_000_000
"""Of one circuit: a target that takes 10,000 at once gets it as a hundred jobs."""
_MOST_STEPS = 1_000_000
_QIR = "qir.v1"


def checked_shots(shots: object, circuits: int, name: str) -> tuple[int, ...]:
    """Return the shots of each of so many *circuits*; none if they are the caller's.

    Raises:
        AlgorithmError: they are no numbers of shots, or not one for each circuit.

    """
    if shots is None:
        return ()
    every = list(shots) if isinstance(shots, Sequence) else [shots] * circuits
    if len(every) != circuits:
        raise AlgorithmError(f"{name} has {len(every)} numbers for {circuits} circuits.")
    return tuple(_whole(one, _MOST_SHOTS, name) for one in every)


def checked_progress(progress: object, name: str) -> Progress | None:
    """Return the progress, in plain numbers.

    Raises:
        AlgorithmError: it is none, or has what is no finite number.

    """
    if progress is None:
        return None
    if not isinstance(progress, Progress):
        raise AlgorithmError(f"{name} has to be a Progress, not {type(progress).__name__}.")
    steps, most = progress.steps, progress.most
    return Progress(
        steps if steps is None else _whole(steps, _MOST_STEPS, f"{name}: steps"),
        _finite(progress.value, f"{name}: value"),
        _finite(progress.uncertainty, f"{name}: uncertainty"),
        most if most is None else _whole(most, _MOST_STEPS, f"{name}: most"),
    )


def _whole(number: object, most: int, name: str) -> int:
    if type(number) is not int or not 1 <= number <= most:
        raise AlgorithmError(f"{name} has {number!r}; an integer from 1 to {most} is wanted.")
    return number


def _finite(number: object, name: str) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        raise AlgorithmError(f"{name} is {number!r}; a finite number is wanted.")
    return float(number)


def finished_program(name: str, program: Program) -> Program:
    """Return a program that an algorithm hands over as it is to run.

    Raises:
        AlgorithmError: it has no text, or needs another number of qubits than it says.

    """
    if not (program.format and program.text and program.qubits > 0):
        raise AlgorithmError(f"{name}: a program needs a format, a text and its qubits.")
    declared = required_qubits(program.text) if program.format == _QIR else None
    if declared is not None and declared != program.qubits:
        raise AlgorithmError(
            f"{name} says that it has {program.qubits} qubits; its text requires {declared}."
        )
    return program
