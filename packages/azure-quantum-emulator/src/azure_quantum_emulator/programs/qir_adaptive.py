"""QIR programs with branches, loops and classical computation: checks and sizes before a run."""

from __future__ import annotations

from collections.abc import Iterator

import pyqir

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir_module, qir_operands, records
from azure_quantum_emulator.programs.program import AdaptiveProgram, GateCounts, tally
from azure_quantum_emulator.programs.qir_gates import GATES, MEASUREMENTS, RESETS
from azure_quantum_emulator.programs.qir_operands import Declared
from azure_quantum_emulator.programs.records import Container, Leaf, Record

_PROVIDED = ("__quantum__rt__", "llvm.")
"""What interpreters provide, or refuse."""
_OF_RESULTS = {
    **dict.fromkeys(qir_module.READS, 0),
    qir_module.RECORD_RESULT: 0,
    qir_module.WRITE: 1,
}
"""Functions for a result, with its place among their operands."""
_OTHER_CALLS = frozenset({pyqir.Opcode.INVOKE, pyqir.Opcode.CALL_BR})
_ZEROS = {"result": 0, "int": 0, "bool": False, "double": 0.0}
_PERMUTATIONS = ("x", "y", "z", "cx", "cnot", "cy", "cz", "swap", "ccx")
_PHASES = ("s", "sdg", "t", "tdg", "rz", "rzz")
_KEEP_BASIS_STATES = frozenset(
    f"{gate}__{variant}" for gate in _PERMUTATIONS + _PHASES for variant in ("body", "adj")
)
"""Gates that turn one basis state into one other, up to its phase."""


def build(source: bytes, module: pyqir.Module, entry_point: pyqir.Function) -> AdaptiveProgram:
    """Return the program of an entry point.

    Raises:
        ProgramError: it calls what targets do not understand, names what it does not declare,
            records no output, or never ends.

    """
    _check_end(entry_point)
    _check_assembly(module)
    declared = Declared(*qir_module.declared(entry_point))
    calls = list(_calls(module, entry_point))
    computed = [_is_computed(call, declared) for call in calls]
    return AdaptiveProgram(
        source=source,
        entry_point=entry_point.name,
        num_qubits=declared.qubits,
        superposed=_superposed(calls, declared),
        zeros=_zeros(calls),
        gates=_count(calls, declared.qubits),
        results=declared.results,
        is_computed=any(computed),
    )


def _calls(module: pyqir.Module, entry_point: pyqir.Function) -> Iterator[pyqir.Call]:
    """Yield the calls of an entry point and of the functions beside it, as they stand there.

    Raises:
        ProgramError: a function is called in a way that QIR has not.

    """
    functions = [entry_point]
    functions += [found for found in module.functions if not pyqir.is_entry_point(found)]
    names = {function.name for function in functions}
    for function in functions:
        for block in function.basic_blocks:
            for instruction in block.instructions:
                if instruction.opcode in _OTHER_CALLS:
                    raise ProgramError("The program calls something in a way that is none of QIR.")
                if not isinstance(instruction, pyqir.Call):
                    continue
                yield instruction
                callee = instruction.callee
                if isinstance(callee, pyqir.Function) and callee.name not in names:
                    names.add(callee.name)  # another entry point, which is a function like others
                    functions.append(callee)


def _is_computed(call: pyqir.Call, declared: Declared) -> bool:
    """Check a call; return whether it is a quantum instruction for what the program computes.

    Raises:
        ProgramError: no target understands it, or it names what is not declared.

    """
    callee = call.callee
    if not isinstance(callee, pyqir.Function):  # an address, or assembly
        raise ProgramError("The program calls something that is no function of QIR.")
    name = callee.name
    if name in qir_module.RECORD_CALLS:
        qir_operands.check_record(call)
    if name in _OF_RESULTS:
        return declared.result(call.args[_OF_RESULTS[name]]) is None
    if name.startswith(qir_module.QIS):
        return not declared.operands(call).are_known
    if not (qir_module.is_defined(callee) or name.startswith(_PROVIDED)):
        raise ProgramError(f"The function {name} is not supported.")
    return False


def _check_end(function: pyqir.Function) -> None:
    """Refuse a program in which no way leads to its end; others may run forever all the same."""
    waiting, seen = [function.basic_blocks[0]], set()
    while waiting:
        block = waiting.pop()
        if block in seen or block.terminator is None:
            continue
        seen.add(block)
        if block.terminator.opcode is pyqir.Opcode.RET:
            return
        waiting += block.terminator.successors
    raise ProgramError("The program never ends.")


def _check_assembly(module: pyqir.Module) -> None:
    """Refuse assembly, which would run as the machine's own code."""
    if any(line.startswith("module asm") for line in str(module).splitlines()):
        raise ProgramError("The module has assembly in it, which is no QIR.")


def _zeros(calls: list[pyqir.Call]) -> Record:
    """Return the output with zero for every value, in the shape in which it is written down."""
    found = list(_zero_records(calls))
    try:
        return records.build(found)
    except ProgramError:
        # Loops and functions may record more, and branches less: the shape is known in the end.
        leaves = [record for record in found if not isinstance(record, Container)]
        return records.build(leaves)


def _zero_records(calls: list[pyqir.Call]) -> Iterator[Container | Leaf]:
    for call in calls:
        match qir_module.RECORD_CALLS.get(call.callee.name):
            case None:
                continue
            case "array" | "tuple" as kind:
                size = call.args[0]
                if not isinstance(size, pyqir.IntConstant):
                    raise ProgramError(f"The size of an output {kind} is not a constant.")
                yield records.Container(kind, size.value)
            case kind:
                yield records.ValueRecord(_ZEROS[kind], qir_module.label(call.args))


def _superposed(calls: list[pyqir.Call], declared: Declared) -> int:
    qubits: set[int | None] = set()
    for call in calls:
        name = call.callee.name.removeprefix(qir_module.QIS)
        if name in GATES and name not in _KEEP_BASIS_STATES:
            qubits.update(declared.operands(call).qubits)
    # Which qubit it is may be known only when the program runs: then it may be any.
    return declared.qubits if None in qubits else len(qubits)


def _count(calls: list[pyqir.Call], num_qubits: int) -> GateCounts:
    names = [call.callee.name.removeprefix(qir_module.QIS) for call in calls]
    gate_sizes = [GATES[name].qubits for name in names if name in GATES]
    measured = sum(name in MEASUREMENTS or name in RESETS for name in names)
    return tally(gate_sizes, num_qubits + measured)
