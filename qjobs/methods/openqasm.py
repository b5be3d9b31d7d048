"""A caller's OpenQASM program, compiled to QIR of the smallest profile that suffices.

All of it runs in the process of `compile_process`. What is given out are the bits and registers of
bits of the global scope, or those declared as `output`, last bit first, as everywhere else.
"""

from __future__ import annotations

import re
from typing import Any

from qdk import TargetProfile
from qdk import openqasm as qdk_openqasm
from qdk.openqasm import OutputSemantics, analyze, parse, semantic

from qjobs.methods.openqasm_angles import check_angles
from qjobs.methods.openqasm_edits import Edited, edited
from qjobs.methods.openqasm_rules import check_text, check_tree
from qjobs.methods.qir_records import Register, in_order
from qjobs.methods.refusal import ProgramRefusedError, filtered, shortened

_PROFILES = (TargetProfile.Base, TargetProfile.Adaptive_RI, TargetProfile.Adaptive_RIF)
_SAYS_2 = re.compile(r"\bOPENQASM\s+2")
_ANOTHER_PROFILE = "CapabilitiesCk"
_WITHOUT_VALUE = "OutputResultLiteral"
_REPORT = re.compile(r"^\s*(?:x|`->) (.+)$", re.MULTILINE)
_PLACE = re.compile(r"program\.qasm:(\d+):(\d+)\]")


def prepare(source: str) -> None:
    """Import the modules for a program while files can still be opened; it is not parsed."""
    if _SAYS_2.search(source):
        from qjobs.methods import openqasm2  # noqa: PLC0415 - imports Qiskit

        openqasm2.prepare()


def compiled(source: str) -> tuple[str, list[Register]]:
    """Return the QIR of a program, and its registers in the order of the program.

    Raises:
        ProgramRefusedError: it breaks a rule, or the compiler refuses it.

    """
    text = source.encode()
    check_text(text)
    parsed = parse(source)
    check_tree(text, parsed.program)
    if str(parsed.program.version or "3").startswith("2"):
        from qjobs.methods.openqasm2 import as_version_3  # noqa: PLC0415 - imports Qiskit

        rewritten, registers = as_version_3(source)
        program = edited(rewritten.encode(), parse(rewritten).program)
        return in_order(_with_smallest_profile(program, placed=False), registers), registers
    _refuse(Edited(text), parsed)
    check_angles(text, parsed.program)
    program = edited(text, parsed.program)
    analysis = analyze(program.text)
    _refuse(program, analysis)
    registers = _registers(program, analysis.program)
    return in_order(_with_smallest_profile(program), registers), registers


def _refuse(program: Edited, result: Any) -> None:  # noqa: ANN401 - qdk ships no types
    for found in result.diagnostics:
        place = program.place(found.labels[0].span.lo) if found.labels else None
        raise ProgramRefusedError(filtered(found.message), place)


def _registers(program: Edited, analysed: Any) -> list[Register]:  # noqa: ANN401 - as above
    statements = analysed.statements
    declared = [one for one in statements if isinstance(one, semantic.ClassicalDeclaration)]
    outputs = [one for one in statements if isinstance(one, semantic.OutputDeclaration)]
    found = []
    for one in outputs or declared:
        kind, name = one.type, shortened(one.name or "?")
        if kind.is_const:
            continue
        if isinstance(kind, semantic.BitArrayType):
            found.append(Register(name, kind.size))
        elif isinstance(kind, semantic.BitType):
            found.append(Register(name, 1))
        elif outputs:
            raise ProgramRefusedError("only bits can be an output.", program.place(one.span.lo))
    if not found:
        raise ProgramRefusedError(
            "the program declares no bits, so there is nothing to give out; declare a register of "
            "bits and measure into it."
        )
    return found


def _with_smallest_profile(program: Edited, *, placed: bool = True) -> str:
    text, report = program.text, ""
    for profile in _PROFILES:
        try:
            return str(
                qdk_openqasm.compile(
                    text, target_profile=profile, output_semantics=OutputSemantics.OpenQasm
                )
            )
        except Exception as error:  # noqa: BLE001 - the compiler documents some of its errors
            report = str(error)
        if _ANOTHER_PROFILE not in report:
            break
    raise _refused(report, program, placed=placed)


def _refused(report: str, program: Edited, *, placed: bool) -> ProgramRefusedError:
    """Return the refusal for the compiler's report on a program."""
    if _WITHOUT_VALUE in report:
        return ProgramRefusedError(
            "a bit that is given out is never measured; measure each of them."
        )
    # The first line says the kind of error, the second, if there is one, the error.
    reasons = _REPORT.findall(report.partition("\n\n\n")[0])[:2] or ["it is not supported"]
    place = _PLACE.search(report) if placed else None
    return ProgramRefusedError(
        f"the compiler refuses it: {filtered(reasons[-1])}",
        program.place_of_line(*map(int, place.groups())) if place else None,
    )
