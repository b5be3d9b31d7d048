"""Runs the program of one job: bytes in, bytes out; no storage, no status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from azure_quantum_emulator.errors import (
    InvalidInputError,
    JobError,
    LimitError,
    ProgramError,
    SimulationError,
)
from azure_quantum_emulator.execution import native, parameters, results
from azure_quantum_emulator.execution.blame import blamed
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.execution.simulators import simulate
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.programs import angles
from azure_quantum_emulator.programs.formats import INPUT_FORMATS
from azure_quantum_emulator.programs.program import (
    AdaptiveProgram,
    CircuitProgram,
    GateCounts,
    Program,
    PulseProgram,
)
from azure_quantum_emulator.targets.catalogue import Target, all_targets
from azure_quantum_emulator.targets.usage import Usage

LARGEST_OUTPUT = 256 << 20
"""Bytes; whoever serves all jobs has to hold them."""


def execute(task: Task) -> Completed | JobError:
    """Run the program of a task; return its output, or the error of the job."""
    target = all_targets()[task.target]
    try:
        return _run(target, task)
    except results.UntranslatableError:
        return JobError(
            "CannotTranslateOutputData",
            f"The output returned by '{target.provider}' cannot be translated as specified by "
            "'outputDataFormat'. Please ensure that 'outputDataFormat' is correct.",
        )
    except ProgramError as error:
        return JobError.of(error)


def _echo(target: Target, task: Task) -> Completed:
    """Return the program as the output, as Microsoft's test targets do."""
    with blamed(InvalidInputError, "The inputParams cannot be read"):
        run = parameters.read(target, task.input_params)
    return Completed(task.source, Usage(shots=run.shots))


def _run(target: Target, task: Task) -> Completed:
    if task.output_format not in target.output_formats:
        raise results.UntranslatableError
    if target.simulator == "echo":
        return _echo(target, task)
    if task.input_format not in target.input_formats:
        raise InvalidInputError(f"{target.id} takes no programs in the format {task.input_format}.")
    with blamed(InvalidInputError, "The inputParams cannot be read"):
        run = parameters.read(target, task.input_params)
    unreadable = ProgramError if task.input_format == "qir.v1" else InvalidInputError
    with blamed(unreadable, "The input cannot be read"):
        programs = INPUT_FORMATS[task.input_format](task.source, task.input_params)
        for program in programs:
            _check(target, program)
    started = perf_counter()
    with blamed(SimulationError, "The simulator cannot run it"):
        # Programs of one job are independent of each other, so their seeds differ.
        outcomes = [
            simulate(target.simulator, each, run.number(n)) for n, each in enumerate(programs)
        ]
    seconds = perf_counter() - started
    with blamed(SimulationError, "The output cannot be written"):
        output = results.write(task.output_format, outcomes)
        usage = _usage(target, task, programs, run)
    if len(output) > LARGEST_OUTPUT:
        raise LimitError(f"The output has more than {LARGEST_OUTPUT >> 20} MiB.")
    return Completed(output, replace(usage, seconds=seconds))


def _check(target: Target, program: Program) -> None:
    if program.num_qubits > target.num_qubits:
        raise InvalidInputError(
            f"The program needs {program.num_qubits} qubits; {target.id} has {target.num_qubits}."
        )
    if isinstance(program, CircuitProgram):
        angles.check(program.circuit)


def _usage(target: Target, task: Task, programs: Sequence[Program], run: Run) -> Usage:
    """Return the usage of a job: the gates of its programs together, each with all shots."""
    counts = [_gates(target, task, program) for program in programs]
    return Usage(
        shots=run.shots,
        one_qubit_gates=sum(count.one_qubit for count in counts),
        two_qubit_gates=sum(count.two_qubit for count in counts),
        measurements=sum(count.measurements for count in counts),
    )


def _gates(target: Target, task: Task, program: Program) -> GateCounts:
    match program:
        case CircuitProgram(circuit=circuit):
            return native.operations(target, circuit, task.input_format)
        case AdaptiveProgram(gates=gates):
            return gates
        case PulseProgram():
            return GateCounts()
