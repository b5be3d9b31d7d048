"""A caller's program as JSON: compiled if it is OpenQASM, then read; in `compile_process` alone."""

from __future__ import annotations

from typing import Any

from qjobs.methods import openqasm, qir_program
from qjobs.methods.qir_program import QIRProgram
from qjobs.methods.qir_records import Register
from qjobs.methods.refusal import ProgramRefusedError


def prepare(language: str, source: str) -> None:
    """Import the modules for a program while files can still be opened."""
    if language != "QIR":
        openqasm.prepare(source)


def document(language: str, source: str) -> dict[str, Any]:
    """Return the contents of a program, or under `refused` the reason against it."""
    try:
        if language == "QIR":
            program = qir_program.read(source)
            return _contents(source, program, _groups(program))
        text, registers = openqasm.compiled(source)
        return _contents(text, qir_program.read(text), list(reversed(registers)))
    except UnicodeError:
        return {"refused": "it is not Unicode text."}
    except ProgramRefusedError as error:
        return {"refused": error.sentence}


def _contents(text: str, program: QIRProgram, registers: list[Register]) -> dict[str, Any]:
    return {
        "text": text,
        "entryPoint": program.entry_point,
        "qubits": program.qubits,
        "profile": str(program.profile),
        "gates": dict(program.gates),
        "depth": program.depth,
        "registers": [[register.name, register.size] for register in registers],
        "outputs": program.outputs,
        "steps": None if program.branches else program.steps,
    }


def _groups(program: QIRProgram) -> list[Register]:
    """Return the arrays that QIR gives out; one register if they are not all there is."""
    if program.groups and sum(size for _, size in program.groups) == len(program.outputs):
        names = [label or f"array{number}" for number, (label, _) in enumerate(program.groups)]
        return [Register(name, size) for name, (_, size) in zip(names, program.groups, strict=True)]
    return [Register("results", len(program.outputs))]
