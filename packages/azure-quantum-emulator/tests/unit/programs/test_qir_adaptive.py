from __future__ import annotations

import pytest

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import qir
from azure_quantum_emulator.programs.program import AdaptiveProgram, GateCounts
from emulator_support import qir_text as text

BRANCH = [
    text.call("h__body", text.qubit(0)),
    text.measure(0, 0),
    text.read("bit", 0),
    "br i1 %bit, label %then, label %end",
    "then:",
    text.call("x__body", text.qubit(1)),
    text.call("cx__body", text.qubit(1), text.qubit(2)),
    "br label %end",
    "end:",
]


def adaptive(body: list[str], *, qubits: int = 3, results: int = 2) -> AdaptiveProgram:
    """Return a program that must not be taken for a straight line."""
    program = qir.parse(text.module(body, qubits=qubits, results=results))
    assert isinstance(program, AdaptiveProgram)
    return program


@pytest.mark.parametrize(
    "body",
    [
        [text.measure(0, 0), text.read("bit", 0), *text.register(0)],
        ["br i1 undef, label %a, label %a", "a:", *text.register(0)],
        ["%sum = add i64 1, 1", *text.register(0)],
        [text.record_value("int", "i64 undef")],
        [
            "%angle = fadd double 1.0, 2.0",
            text.call("rx__body", "double %angle", text.qubit(0)),
            *text.register(0),
        ],
    ],
    ids=["read", "branch", "computation", "variable output", "variable angle"],
)
def test_what_a_circuit_cannot_express_makes_a_program_adaptive(body: list[str]) -> None:
    """A program that computes while it runs is left to an interpreter."""
    assert adaptive(body).entry_point == "ENTRYPOINT__main"


def test_gates_count_as_they_stand_in_the_program() -> None:
    """Gates in branches count once, and every qubit's preparation is a measurement."""
    assert adaptive([*BRANCH, *text.register(0)]).gates == GateCounts(2, 1, 1 + 3)


def test_only_gates_that_split_states_put_qubits_into_superposition() -> None:
    """The bound of qubits in superposition counts each qubit of such gates once."""
    assert adaptive([*BRANCH, *text.register(0)]).superposed == 1
    split = [text.call("rxx__body", "double 0.1", text.qubit(1), text.qubit(0))]
    assert adaptive([*split, *BRANCH, *text.register(0)]).superposed == 2


def test_zeros_have_the_shape_of_the_output() -> None:
    """What a syntax checker gives is known without a run."""
    body = [*BRANCH, text.record("tuple", 4), text.record_result(0)]
    body += [text.record_value("int", "i64 5"), text.record_value("bool", "i1 true")]
    body += [text.record_value("double", "double 0.5")]
    assert adaptive(body).zeros.outcome(0) == {
        "Item1": 0,
        "Item2": 0,
        "Item3": False,
        "Item4": 0.0,
    }


def test_an_unknown_instruction_in_a_branch_is_refused() -> None:
    """A program is checked as a whole, also where it may never go."""
    body = [*BRANCH[:5], text.call("nope__body", text.qubit(1)), *BRANCH[7:], *text.register(0)]
    with pytest.raises(ProgramError, match="nope__body is not supported"):
        adaptive(body)
