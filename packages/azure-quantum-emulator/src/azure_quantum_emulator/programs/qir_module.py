"""QIR modules: from the content of the input blob to the function that is to run."""

from __future__ import annotations

import re

import pyqir

from azure_quantum_emulator.errors import ProgramError

BITCODE_MAGIC = b"BC\xc0\xde"

QIS = "__quantum__qis__"
"""How the names of quantum instructions start."""

_OF_QIR = "__quantum__"

RECORD_CALLS = {
    f"__quantum__rt__{kind}_record_output": kind
    for kind in ("array", "tuple", "result", "int", "bool", "double")
}
"""Functions that record output, by what they record."""
RECORD_RESULT = "__quantum__rt__result_record_output"

LARGEST = 65536
"""More qubits or results than any target has; billions would fill the memory."""

WRITE = "__quantum__rt__write_result"
"""Function that gives a result a value that was computed."""

READS = frozenset({"__quantum__rt__read_result", f"{QIS}read_result__body"})
"""Functions that turn a measurement result into a value to compute with."""

_TEXT = re.compile(r"@.* constant \[\d+ x i8\] c\"")
"""How LLVM's text of a constant begins that is text; PyQIR reads others wherever they lead."""


def module(source: bytes) -> pyqir.Module:
    """Return the module in *source*, which is LLVM's text or bitcode.

    Raises:
        ProgramError: it is neither, or defines what an instruction does.

    """
    context = pyqir.Context()
    if b"\0" in source and not source.startswith(BITCODE_MAGIC):
        raise ProgramError("The input is not QIR: it is neither text nor bitcode.")
    try:
        if source.startswith(BITCODE_MAGIC):
            found = pyqir.Module.from_bitcode(context, source)
        else:
            found = pyqir.Module.from_ir(context, source.decode())
    except ValueError as error:  # which includes text that is not UTF-8
        raise ProgramError(f"The input is not QIR: {error}") from error
    for function in found.functions:
        if function.name.startswith(_OF_QIR) and is_defined(function):
            raise ProgramError(f"The module defines {function.name}, which is QIR's own.")
    return found


def entry_point(found: pyqir.Module, name: str | None) -> pyqir.Function:
    """Return the entry point called *name*, or the only one if that is None.

    Raises:
        ProgramError: there is none, there are several to choose from, or it wants arguments.

    """
    functions = [function for function in found.functions if pyqir.is_entry_point(function)]
    if name is not None:
        functions = [function for function in functions if function.name == name]
    match functions:
        case [function]:
            if function.params:
                raise ProgramError(
                    f"The entry point {function.name} takes arguments; the profiles of QIR that "
                    "targets run allow none."
                )
            return function
        case []:
            raise ProgramError(f"The module has no entry point {name or ''}".rstrip() + ".")
        case _:
            raise ProgramError("The module has several entry points and none was asked for.")


def declared(function: pyqir.Function) -> tuple[int, int]:
    """Return how many qubits and results an entry point says it needs.

    Raises:
        ProgramError: it does not say, or needs more than there can be.

    """
    qubits = pyqir.required_num_qubits(function)
    results = pyqir.required_num_results(function)
    if qubits is None or results is None:
        raise ProgramError("The entry point does not say how many qubits and results it needs.")
    if max(qubits, results) > LARGEST:
        raise ProgramError(f"The entry point needs more than {LARGEST} qubits or results.")
    return qubits, results


def is_defined(callee: pyqir.Value) -> bool:
    """Return whether what is called is a function that has its body in the module."""
    return isinstance(callee, pyqir.Function) and bool(callee.basic_blocks)


def label(args: list[pyqir.Value]) -> str:
    """Return the label among the arguments of a record call, empty if there is none."""
    for pointer in args[1:2]:
        if _TEXT.match(str(pointer)):
            text = pyqir.extract_byte_string(pointer) or b""
            return text.rstrip(b"\0").decode(errors="replace")
    return ""
