"""OpenQASM is compiled to the smallest profile, and what is refused has its place."""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import CPhaseGate, CRXGate, CRYGate, CRZGate, CUGate
from qiskit.quantum_info import Operator

from qjobs.domain.target_facts import Profile
from qjobs.methods.program_reading import document
from qjobs.methods.qir_instructions import Step
from tests.hostile_programs import NAMED

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def read(source: str) -> dict[str, Any]:
    """Return the contents of a program that is not refused."""
    found = document("OpenQASM", source)
    assert "refused" not in found, found
    return found


@pytest.mark.parametrize("name", NAMED)
def test_hostile_programs_are_refused_by_name(name: str) -> None:
    """What is wrong is said in words of our own or in a short line, never with a path."""
    source, words = NAMED[name]

    refused = document("OpenQASM", source)["refused"]

    assert words.casefold() in refused.casefold()
    assert "passwd" not in refused
    assert len(refused) < 250
    assert refused.isprintable()


@pytest.mark.parametrize(
    ("body", "registers", "outputs"),
    [
        ("bit[2] c = measure q;", [["c", 2]], [1, 0]),
        ("bit c; bit d; c = measure q[0]; d = measure q[1];", [["d", 1], ["c", 1]], [1, 0]),
        ("bit c = measure q[1];", [["c", 1]], [0]),
        ("creg c[2]; c = measure q;", [["c", 2]], [1, 0]),
        ("bit[1] a; bit[2] b; b = measure q; a[0] = b[1];", [["b", 2], ["a", 1]], [1, 0, 1]),
        ("bit e; output bit d; e = measure q[0]; d = measure q[1];", [["d", 1]], [1]),
        ("int k = 3; float f = 0.5; bool b = true; bit c = measure q[0];", [["c", 1]], [0]),
        ("bit[2] c = measure q; { bit inner; inner = measure q[0]; }", [["c", 2]], [1, 0]),
        ("const bit k = 1; bit c = measure q[0];", [["c", 1]], [0]),
    ],
)
def test_bits_of_the_global_scope_are_given_out(
    body: str, registers: list[object], outputs: list[int]
) -> None:
    """Single bits too, the last one first, and nothing else; `output` says otherwise."""
    found = read(f"{HEAD}qubit[2] q; {body}")

    assert (found["registers"], found["outputs"]) == (registers, outputs)
    assert found["profile"] == Profile.BASE


def test_version_2_is_read() -> None:
    """With its library, and registers in Qiskit's order."""
    found = read(
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg a[1];\ncreg b[1];\n'
        "u3(0.1,0.2,0.3) q[0];\nCX q[0],q[1];\nmeasure q[0]->b[0];\nmeasure q[1]->a[0];\n"
    )

    assert found["registers"] == [["b", 1], ["a", 1]]
    assert found["gates"]["cx"] == 1


@pytest.mark.parametrize(
    ("body", "profile"),
    [
        ("bit c = measure q[0]; h q[0]; bit d = measure q[0];", Profile.BASE),
        ("bit c = measure q[0]; if (c) { x q[1]; } bit d = measure q[1];", Profile.ADAPTIVE_RI),
        (
            "bit c = measure q[0]; float f = 1.0; if (c) { f = 0.7; } rx(f) q[1];",
            Profile.ADAPTIVE_RIF,
        ),
    ],
)
def test_the_profile_is_the_smallest(body: str, profile: Profile) -> None:
    """A target is asked for what a program needs, and for no more."""
    found = read(f"{HEAD}qubit[2] q; {body}")

    assert found["profile"] == profile
    assert (found["steps"] is None) is (profile is not Profile.BASE)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("qubit q;\nbit c = measure q;\n  nonsense q;", "Line 5, column 3: undefined symbol"),
        (
            "qubit q;\nbit c = measure q; bit d; d = 9 ** 99 ** 9 == 1;",
            "Line 4, column 36: the comp",
        ),
        ("qubit q; // \u00e4\u00f6\u00fc\n/* \u20ac */ nonsense q;", "Line 4, column 9: undefined"),
    ],
)
def test_an_error_has_its_place(body: str, place: str) -> None:
    """Also behind declarations that were rewritten, and behind letters of several bytes."""
    assert document("OpenQASM", HEAD + body)["refused"].startswith(place)


def unitary(body: str) -> Operator:
    """Return what a program on two qubits does."""
    found = read(f"{HEAD}qubit[2] q; {body} bit[2] c = measure q;")
    circuit = QuantumCircuit(2)
    for step in (Step(*one) for one in found["steps"]):
        if step.name != "measure":
            getattr(circuit, step.name)(*step.angles, *step.qubits)
    return Operator(circuit)


@pytest.mark.parametrize("angle", [0.7, -0.7, 7.1])
@pytest.mark.parametrize(
    ("call", "gate"),
    [
        ("crx({})", CRXGate),
        ("cry({})", CRYGate),
        ("crz({})", CRZGate),
        ("cp({})", CPhaseGate),
        ("cu({}, 0.3, -0.4, 0.5)", lambda angle: CUGate(angle, 0.3, -0.4, 0.5)),
    ],
)
def test_angles_are_numbers(angle: float, call: str, gate: Callable[[float], Any]) -> None:
    """Also of controlled rotations, negative ones, and those beyond a turn."""
    circuit = QuantumCircuit(2)
    circuit.append(gate(angle), [1, 0])

    assert unitary(f"{call.format(angle)} q[1], q[0];").equiv(Operator(circuit))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("ctrl @ ry(-0.7) q[0], q[1];", "Line 3, column 23: the angle of `ry` counts modulo"),
        ("gate g(t) a { rx(t/2) a; } g(-0.7) q[0];", "the angle of `g` counts modulo a turn"),
        ("gate g(t) a { rx(-t/2) a; } g(0.7) q[0];", "half of a sum or negative"),
        ("gate g(t) a, b { crz(2*t) a, b; } g(0.7) q[0], q[1];", "the sign of this rotation"),
        ("gate f(t) a { rx(t/2) a; } gate g(t) a { f(t) a; } g(7.0) q[0];", "the angle of `g`"),
        ("float f = 0.3; ctrl @ rx(f) q[0], q[1];", "the angle of `rx` counts modulo a turn"),
    ],
)
def test_angles_that_would_be_others_are_refused(body: str, words: str) -> None:
    """By the language a parameter is modulo a turn, which other tools do not keep to."""
    refused = document("OpenQASM", f"{HEAD}qubit[2] q; {body} bit c = measure q[0];")["refused"]

    assert words in refused


@pytest.mark.parametrize(
    "body",
    [
        "gate g(t) a { rx(t/2) a; } g(0.7) q[0];",
        "gate g(t) a { rx(t) a; } g(-0.7) q[0];",
        "gate g(t) a, b { crz(t) a, b; } g(pi/4) q[0], q[1];",
        "ctrl @ ry(3*pi/2) q[0], q[1];",
        "def f(float t, qubit a) { rx(-t/2) a; } f(-0.7, q[0]);",
        "for int i in [1:3] { crz(-pi/i) q[0], q[1]; }",
    ],
)
def test_angles_on_which_all_agree_are_taken(body: str) -> None:
    """Numbers within a turn, parameters as they are, and functions of floats."""
    read(f"{HEAD}qubit[2] q; {body} bit c = measure q[0];")


def test_version_2_takes_parameters_for_numbers() -> None:
    """The half of a negative angle in a gate is what it says."""
    found = read(
        'OPENQASM 2.0;\ninclude "qelib1.inc";\ngate g(t) a { ry(-t/2) a; }\nqreg q[1];\n'
        "creg c[1];\ng(0.7) q[0];\nmeasure q -> c;\n"
    )

    assert next(Step(*one).angles for one in found["steps"]) == pytest.approx([-0.35 % (2 * pi)])


def test_version_2_branches_on_registers() -> None:
    """Where the target can do that."""
    found = read(
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[1];\ncreg d[1];\n'
        "measure q[0] -> c[0];\nif(c==1) x q[1];\nmeasure q[1] -> d[0];\n"
    )

    assert found["profile"] == Profile.ADAPTIVE_RI


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("OPENQASM 2.0;\nqreg q[1];\n  foo q[0];", "Line 3, column 3: 'foo' is not defined"),
        ("OPENQASM 2.0;\nopaque foo a;\nqreg q[1];\ncreg c[1];\nfoo q[0];", "defined nowhere"),
    ],
)
def test_errors_of_version_2_have_their_place(source: str, words: str) -> None:
    """In words of its parser."""
    assert words in document("OpenQASM", source)["refused"]
