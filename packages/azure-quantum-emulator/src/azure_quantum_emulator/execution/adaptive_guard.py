"""Checks inside an adaptive QIR program, for the operands that it computes while it runs.

Constants are checked before (`qir_operands.py`). For the rest every instruction for qubits or
results is replaced by a function of the same operands, which carries it out only if they are what
it may be for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir_module, qir_operands
from azure_quantum_emulator.programs.qir_operands import Declared, Signature

REFUSAL = -0x2F5A_91C6_3D08_E7B4
"""The number that a program records as soon as an operand is refused."""
RECORD_INT = "__quantum__rt__int_record_output"

_PREFIX = "checked__"
_OF_RESULTS = {
    **dict.fromkeys(qir_module.READS, "{}"),
    qir_module.RECORD_RESULT: "{}, ptr %label",
    qir_module.WRITE: "i1 %value, {}",
}
"""Functions for a result, with their operands besides it."""
_DECLARED = re.compile(r"^declare [^@\n]*@(__quantum__\w+)\(", re.MULTILINE)


def refuse() -> ProgramError:
    """Return the error of a program that recorded `REFUSAL`."""
    return ProgramError(
        "The program computes a qubit or a result that it does not declare, a gate on the same "
        "qubit twice, or an angle that is no number."
    )


def guarded(
    text: str,
    declared: Declared,
    others: Mapping[str, Signature] = MappingProxyType({}),
    label: str = "%label",
) -> str:
    """Return a module whose quantum instructions check their operands.

    Args:
        text: LLVM's text of the module
        declared: what the operands have to be within
        others: instructions of the simulator that targets do not have
        label: the label of every recorded result; without it each has its own

    """
    functions = []
    for name in _DECLARED.findall(text):
        taken = _signature(name, others)
        if taken is not None:
            text = re.sub(rf"(\bcall [^@\n]*@)({name}\()", rf"\1{_PREFIX}\2", text)
            functions.append(_function(name, taken, declared, label))
    if f"@{RECORD_INT}(" not in text:
        functions.append(f"declare void @{RECORD_INT}(i64, ptr)")
    return "\n".join([text, *functions, ""])


def _signature(name: str, others: Mapping[str, Signature]) -> Signature | None:
    """Return the signature of a function that takes qubits or results; None if it is another."""
    if name in _OF_RESULTS:
        return Signature(results=1)
    if not name.startswith(qir_module.QIS):
        return None
    instruction = name.removeprefix(qir_module.QIS)
    return others.get(instruction) or qir_operands.signature(instruction)


def _function(name: str, taken: Signature, declared: Declared, label: str) -> str:
    angles = [f"%a{place}" for place in range(taken.angles)]
    qubits = [f"%q{place}" for place in range(taken.qubits)]
    results = [f"%r{place}" for place in range(taken.results)]
    operands = [f"double {angle}" for angle in angles]
    operands += [f"ptr {identifier}" for identifier in qubits + results]
    operand_list = _OF_RESULTS.get(name, "{}").format(", ".join(operands))
    conditions = [
        *(_finite(angle) for angle in angles),
        *(_below(qubit, declared.qubits) for qubit in qubits),
        *(_below(result, declared.results) for result in results),
        *(_different(one, other) for n, one in enumerate(qubits) for other in qubits[:n]),
    ]
    kind, keep, given, nothing = "void", "", "void", "void"
    if name in qir_module.READS:
        kind, keep, given, nothing = "i1", "%given = ", "i1 %given", "i1 false"
    return "\n".join(
        [
            f"define {kind} @{_PREFIX}{name}({operand_list}) {{",
            "entry:",
            *_all_of(conditions),
            "run:",
            f"  {keep}call {kind} @{name}({operand_list.replace('%label', label)})",
            f"  ret {given}",
            "refused:",
            f"  call void @{RECORD_INT}(i64 {REFUSAL}, ptr null)",
            f"  ret {nothing}",
            "}",
        ]
    )


def _all_of(conditions: list[list[str]]) -> Iterator[str]:
    """Yield the instructions that go to `run` if all conditions hold, else to `refused`."""
    held = "true"
    for place, (*before, condition) in enumerate(conditions):
        yield from (f"  {line}" for line in before)
        yield f"  %c{place} = {condition}"
        yield f"  %all{place} = and i1 {held}, %c{place}"
        held = f"%all{place}"
    yield f"  br i1 {held}, label %run, label %refused"


def _finite(angle: str) -> list[str]:
    # Infinity minus itself is no number, and no number equals nothing.
    return [f"{angle}z = fsub double {angle}, {angle}", f"fcmp oeq double {angle}z, 0.0"]


def _below(identifier: str, count: int) -> list[str]:
    return [f"icmp ult ptr {identifier}, inttoptr (i64 {count} to ptr)"]


def _different(one: str, other: str) -> list[str]:
    return [f"icmp ne ptr {one}, {other}"]
