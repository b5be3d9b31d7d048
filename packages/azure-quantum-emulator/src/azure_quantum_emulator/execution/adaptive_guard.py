"""Checks inside an adaptive QIR program, for the operands that it computes while it runs.

Constants are checked before (`qir_operands.py`). For the rest every quantum instruction is replaced
by a function of the same operands, which carries it out only if they are what it may be for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir_module, qir_operands
from azure_quantum_emulator.programs.qir_operands import Declared, Signature

REFUSAL = -0x2F5A_91C6_3D08_E7B4
"""The number that a program records as soon as an operand is refused."""
RECORD_INT = "__quantum__rt__int_record_output"

_PREFIX = "checked__"
_DECLARED = re.compile(rf"^declare void @{qir_module.QIS}(\w+)\(", re.MULTILINE)


def refuse() -> ProgramError:
    """Return the error of a program that recorded `REFUSAL`."""
    return ProgramError(
        "The program computes a qubit or a result that it does not declare, a gate on the same "
        "qubit twice, or an angle that is no number."
    )


def guarded(text: str, declared: Declared, others: Mapping[str, Signature] | None = None) -> str:
    """Return a module whose quantum instructions check their operands.

    Args:
        text: LLVM's text of the module
        declared: what the operands have to be within
        others: instructions of the simulator that targets do not have

    """
    signatures = {
        name: (others or {}).get(name) or qir_operands.signature(name)
        for name in _DECLARED.findall(text)
        if name != "read_result__body"
    }
    for name in signatures:
        text = text.replace(f"call void @{qir_module.QIS}{name}(", f"call void @{_PREFIX}{name}(")
    functions = [_function(name, taken, declared) for name, taken in signatures.items()]
    if f"@{RECORD_INT}(" not in text:
        functions.append(f"declare void @{RECORD_INT}(i64, ptr)")
    return "\n".join([text, *functions, ""])


def _function(name: str, taken: Signature, declared: Declared) -> str:
    angles = [f"%a{place}" for place in range(taken.angles)]
    qubits = [f"%q{place}" for place in range(taken.qubits)]
    results = [f"%r{place}" for place in range(taken.results)]
    operands = [f"double {angle}" for angle in angles]
    operands += [f"ptr {identifier}" for identifier in qubits + results]
    conditions = [
        *(_finite(angle) for angle in angles),
        *(_below(qubit, declared.qubits) for qubit in qubits),
        *(_below(result, declared.results) for result in results),
        *(_different(one, other) for n, one in enumerate(qubits) for other in qubits[:n]),
    ]
    arguments = ", ".join(operands)
    return "\n".join(
        [
            f"define void @{_PREFIX}{name}({arguments}) {{",
            "entry:",
            *_all_of(conditions),
            "run:",
            f"  call void @{qir_module.QIS}{name}({arguments})",
            "  ret void",
            "refused:",
            f"  call void @{RECORD_INT}(i64 {REFUSAL}, ptr null)",
            "  ret void",
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
