"""Runs the program of one job: bytes in, bytes out; no storage, no status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from azure_quantum_emulator.errors import JobError, ProgramError
from azure_quantum_emulator.execution import native, parameters, results
from azure_quantum_emulator.execution.outcomes import Outcomes
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.execution.simulators import simulate
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.programs.formats import INPUT_FORMATS
from azure_quantum_emulator.programs.program import (
    AdaptiveProgram,
    CircuitProgram,
    Program,
    PulseProgram,
)
from azure_quantum_emulator.targets.catalogue import Target, all_targets
from azure_quantum_emulator.targets.usage import Usage


def execute(task: Task) -> Completed | JobError:
    """Return what came of a program, or why nothing did."""
    target = all_targets()[task.target]
    try:
        if task.output_format not in target.output_formats:
            raise _untranslatable(target)
        if target.simulator == "echo":
            return _echo(target, task)
        return _run(target, task)
    except results.UntranslatableError:
        return _untranslatable(target).as_job_error()
    except ProgramError as error:
        return error.as_job_error()


def _echo(target: Target, task: Task) -> Completed:
    """Give back the program as the output, which is what Microsoft's test targets are for."""
    run = parameters.read(target, task.input_params)
    return Completed(task.source, Usage(shots=run.shots))


def _run(target: Target, task: Task) -> Completed:
    if task.input_format not in target.input_formats:
        raise ProgramError(
            f"{target.id} takes no programs in the format {task.input_format}.", "InvalidInputData"
        )
    run = parameters.read(target, task.input_params)
    programs = INPUT_FORMATS[task.input_format](task.source, task.input_params)
    for program in programs:
        _check_size(target, program)
    started = perf_counter()
    outcomes = _simulate_all(target.simulator, programs, run)
    seconds = perf_counter() - started
    output = results.write(task.output_format, outcomes)
    usage = _usage(target, task, programs, run)
    return Completed(output, replace(usage, seconds=seconds))


def _simulate_all(simulator: str, programs: Sequence[Program], run: Run) -> list[Outcomes]:
    # Programs of one job are independent of each other, so their seeds differ.
    return [simulate(simulator, program, run.number(n)) for n, program in enumerate(programs)]


def _check_size(target: Target, program: Program) -> None:
    if program.num_qubits > target.num_qubits:
        raise ProgramError(
            f"The program needs {program.num_qubits} qubits; {target.id} has {target.num_qubits}.",
            "InvalidInputData",
        )


def _usage(target: Target, task: Task, programs: Sequence[Program], run: Run) -> Usage:
    """Count what was run; the gates of several programs together, each of which has all shots."""
    counts = [_operations(target, task, program) for program in programs]
    return Usage(
        shots=run.shots,
        one_qubit_gates=sum(count[0] for count in counts),
        two_qubit_gates=sum(count[1] for count in counts),
        measurements=sum(count[2] for count in counts),
    )


def _operations(target: Target, task: Task, program: Program) -> tuple[int, int, int]:
    match program:
        case CircuitProgram(circuit=circuit):
            billed = native.operations(target, circuit, task.input_format)
            return billed.one_qubit_gates, billed.two_qubit_gates, billed.measurements
        case AdaptiveProgram(gates=gates):
            return gates.one_qubit, gates.two_qubit, gates.measurements
        case PulseProgram():
            return 0, 0, 0


def _untranslatable(target: Target) -> ProgramError:
    return ProgramError(
        f"The output returned by '{target.provider.lower()}' cannot be translated as specified by "
        "'outputDataFormat'. Please ensure that 'outputDataFormat' is correct.",
        "CannotTranslateOutputData",
    )
