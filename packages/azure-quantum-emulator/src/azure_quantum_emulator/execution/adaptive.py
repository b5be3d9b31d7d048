"""Runs QIR programs that compute with measurement outcomes, shot by shot.

Without noise qirrunner does it, which keeps only those amplitudes that are not zero: a shot of a
few qubits and instructions takes it 15 microseconds. With noise the QDK does (`adaptive_noise.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import qirrunner

from azure_quantum_emulator.errors import SimulationError
from azure_quantum_emulator.execution import adaptive_guard
from azure_quantum_emulator.execution.outcomes import AdaptiveShots
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import qir_module, records
from azure_quantum_emulator.programs.program import AdaptiveProgram
from azure_quantum_emulator.programs.qir_operands import Declared
from azure_quantum_emulator.programs.records import Container, Leaf

LARGEST = 22
"""Qubits in superposition that qirrunner has memory and time for."""

_MEASURE = "__quantum__qis__mz__body"
_MEASURE_ONE = f"@{_MEASURE}(ptr null, ptr inttoptr (i64 1 to ptr))"

_KINDS: dict[str, Callable[[str], int | bool | float]] = {
    "RESULT": int,
    "INT": int,
    "BOOL": lambda text: text == "true",
    "DOUBLE": float,
}
"""How qirrunner writes the values it records."""


def sample(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    """Run an adaptive program shot by shot.

    Raises:
        ProgramError: it has too many qubits, or the simulator does not understand it.

    """
    return _noiseless(program, run) if run.device is None else _noisy(program, run)


def zeros(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    """Return the outcome of a syntax check: every value is zero."""
    return AdaptiveShots([program.zeros], [0] * run.shots)


def _noiseless(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    if program.superposed > LARGEST:
        raise SimulationError(
            f"The adaptive program has {program.superposed} qubits in superposition; {LARGEST} can "
            "be simulated here."
        )
    shots: list[list[str]] = []

    def keep(output: object) -> None:
        text = str(output)
        if text.startswith("START"):
            shots.append([])
        elif text.startswith("OUTPUT"):  # one line or more
            shots[-1].append(text)

    source, entry_point = _prepared(program), program.entry_point
    qirrunner.run_bytes(source, entry_point, run.shots, run.seed_below(63), keep)
    recorded = ["".join(texts) for texts in shots]
    if program.is_computed and any(f"\t{adaptive_guard.REFUSAL}" in one for one in set(recorded)):
        raise adaptive_guard.refuse()
    return AdaptiveShots.of(recorded, lambda text: [_call(line) for line in text.splitlines()])


def _prepared(program: AdaptiveProgram) -> bytes:
    """Return the module of a program as the interpreter has to be given it.

    It finds an entry point only if it can be seen from outside of the module. What a program
    computes is checked when it is used. To begin with, result 1 is measured, from a qubit that is
    zero: until it is measured, the interpreter takes a result of this number for a constant, which
    was the result One of QIR's first version.
    """
    text = str(qir_module.module(program.source))
    if program.is_computed:
        declared = Declared(program.num_qubits, program.results)
        text = adaptive_guard.guarded(text, declared)
    name = re.escape(program.entry_point)
    # The line of the definition, and that of the first block's label if it has one.
    start = rf'^define (?:internal |private )?(.*@"?{name}"?\(.*\{{\n(?:[^\s;].*:.*\n)?)'
    text = re.sub(
        start, rf"define \1  call void {_MEASURE_ONE}\n", text, count=1, flags=re.MULTILINE
    )
    if f"declare void @{_MEASURE}(" not in text:
        text += f"declare void @{_MEASURE}(ptr, ptr)\n"
    return text.encode()


def _call(line: str) -> Container | Leaf:
    """Read one line of output: OUTPUT, what it is, its value, and its label if it has one."""
    _, kind, value, *labels = line.split("\t")
    match kind:
        case "ARRAY":
            return records.Container("array", int(value))
        case "TUPLE":
            return records.Container("tuple", int(value))
        case _:
            return records.ValueRecord(_KINDS[kind](value), labels[0] if labels else "")


def _noisy(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    # Imported here, because the QDK would start a thread that reports to Microsoft.
    os.environ["QDK_PYTHON_TELEMETRY"] = "none"
    from azure_quantum_emulator.execution import adaptive_noise  # noqa: PLC0415 - see above

    return adaptive_noise.sample(program, run)
