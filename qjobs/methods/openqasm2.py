"""OpenQASM 2 as OpenQASM 3 of plain gates.

In version 2 parameters of gates are real numbers, in version 3 angles modulo a turn, of which half
is not the half: the compiler, which takes both for angles, makes another circuit of `ry(-t/2)` in
the body of a gate. So Qiskit reads version 2, with its own library, and no gate has a parameter
left that is not a number.
"""

from __future__ import annotations

import re

from qiskit import qasm2, qasm3
from qiskit.circuit.equivalence_library import StandardEquivalenceLibrary
from qiskit.exceptions import QiskitError
from qiskit.transpiler import PassManager
from qiskit.transpiler.passes import BasisTranslator, UnrollCustomDefinitions

from qjobs.methods.qir_records import Register
from qjobs.methods.refusal import Place, ProgramRefusedError, filtered, shortened

_GATES = (
    *("h", "x", "y", "z", "s", "sdg", "t", "tdg", "rx", "ry", "rz"),
    *("cx", "cy", "cz", "swap", "ccx"),
)
_KEPT = ("measure", "reset", "barrier", "if_else")
_TRANSLATION = PassManager(
    [
        UnrollCustomDefinitions(StandardEquivalenceLibrary, [*_GATES, *_KEPT]),
        BasisTranslator(StandardEquivalenceLibrary, [*_GATES, *_KEPT]),
    ]
)
_MESSAGE = re.compile(r"<input>:(\d+),(\d+): (.*)")


def prepare() -> None:
    """Have Qiskit import what it imports when it is first used."""
    as_version_3("OPENQASM 2.0; qreg q[1]; creg c[1]; U(0,0,0) q[0]; measure q[0] -> c[0];")


def as_version_3(source: str) -> tuple[str, list[Register]]:
    """Return a program of version 2 in version 3, and its classical registers.

    Raises:
        ProgramRefusedError: it is no program, or has gates that nobody defines.

    """
    try:
        circuit = qasm2.loads(
            source, include_path=(), custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS
        )
        text = str(qasm3.dumps(_TRANSLATION.run(circuit)))
    except qasm2.QASM2ParseError as error:
        message = getattr(error, "message", str(error))
        found = _MESSAGE.search(message)
        if found is None:
            raise ProgramRefusedError(filtered(message)) from error
        place = Place(int(found[1]), int(found[2]) + 1)
        raise ProgramRefusedError(filtered(found[3]), place) from error
    except QiskitError as error:
        raise ProgramRefusedError("it has gates that are defined nowhere.") from error
    if not circuit.cregs:
        raise ProgramRefusedError(
            "the program declares no bits, so there is nothing to give out; declare a register of "
            "bits and measure into it."
        )
    return text, [Register(shortened(one.name), one.size) for one in circuit.cregs]
