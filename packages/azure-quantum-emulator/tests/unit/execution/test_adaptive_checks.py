"""Programs for an interpreter: the checks of the reader, the same with noise and without."""

from __future__ import annotations

from typing import Any

import pytest
from qdk import TargetProfile, qsharp

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution import adaptive
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import qir, records
from azure_quantum_emulator.programs.program import AdaptiveProgram
from emulator_support import qir_text as text
from emulator_support.tasks import outcomes

NOISELESS: dict[str, Any] = {"error-model": False}
BRANCH = [text.measure(0, 0), text.read("bit", 0), "br i1 %bit, label %then, label %end", "then:"]
END = ["br label %end", "end:", *text.register(0)]
REFUSED = "The program computes a qubit or a result that it does not declare"


@pytest.fixture(params=["noiseless", "noisy", "syntax check"])
def simulator(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """Return a target and the parameters that choose a simulator there."""
    return {
        "noiseless": ("quantinuum.sim.h2-1e", NOISELESS),
        "noisy": ("quantinuum.sim.h2-1e", {}),
        "syntax check": ("quantinuum.sim.h2-1sc", {}),
    }[request.param]


def in_branch(*instructions: str, qubits: int = 3, results: int = 1) -> bytes:
    """Return a program with these instructions in a branch."""
    return text.module([*BRANCH, *instructions, *END], qubits=qubits, results=results)


BEYOND = {
    "The qubit 4 is used, but only 3 are declared": text.call("x__body", text.qubit(4)),
    "The qubit 3 is used": text.call("cx__body", text.qubit(0), text.qubit(3)),
    "The qubit 1000000000 is used": text.call("h__body", text.qubit(10**9)),
    "The result 1 is used, but only 1 are declared": text.measure(0, 1),
    "The result 99999 is used": text.read("other", 99999),
    "The result 7 is used": text.record_result(7),
    "The instruction cx__body names a qubit twice": text.call(
        "cx__body", text.qubit(1), text.qubit(1)
    ),
    "The instruction ccx__body names a qubit twice": text.call(
        "ccx__body", text.qubit(0), text.qubit(1), text.qubit(0)
    ),
    "The instruction cx__body has 1 arguments, not 2": text.call("cx__body", text.qubit(1)),
    "The instruction reset__body has 2 arguments, not 1": text.call(
        "reset__body", text.qubit(1), text.qubit(2)
    ),
    "The function surprise is not supported": "call void @surprise()",
}


@pytest.mark.parametrize("reason", BEYOND)
def test_a_branch_is_checked_like_a_straight_line(
    simulator: tuple[str, dict[str, Any]], reason: str
) -> None:
    """What is not declared is refused with the reader's words, before anything runs."""
    target, params = simulator
    failed = outcomes(in_branch(BEYOND[reason]), target, **params)

    assert isinstance(failed, JobError)
    assert failed.code == "QIRPreProcessingFailed"
    assert failed.message.startswith(reason)


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
@pytest.mark.parametrize(("number", "refused"), [(0, False), (2, False), (3, True), (2**62, True)])
def test_a_function_of_the_module_may_use_the_qubits_that_are_declared(
    number: int, *, refused: bool, device: bool
) -> None:
    """A parameter is known when the program runs, and checked then."""
    flip = [text.call("x__body", "%Qubit* %q")]
    body = [f"call void @f({text.qubit(number)})", *(text.measure(q, q) for q in range(3))]
    source = text.with_function(
        [*body, *text.register(0, 1, 2)], "%Qubit* %q", flip, qubits=3, results=3
    )
    found = outcomes(source, "quantinuum.sim.h2-1e", **({} if device else NOISELESS))

    if refused:
        assert isinstance(found, JobError)
        assert found.code == "QIRPreProcessingFailed"
        assert found.message.startswith(REFUSED)
    else:
        assert isinstance(found, list)
        assert found[0] == [int(number == q) for q in range(3)]


COMPUTED = {
    "the same qubit": (
        [f"call void @f({text.qubit(1)}, {text.qubit(1)})"],
        "%Qubit* %one, %Qubit* %two",
        [text.call("cz__body", "%Qubit* %one", "%Qubit* %two")],
    ),
    "a result": (
        [f"call void @f({text.result(5)})"],
        "%Result* %one",
        [text.call("mz__body", text.qubit(0), "%Result* %one")],
    ),
    "a result that is recorded": (
        [f"call void @f({text.result(5)})"],
        "%Result* %one",
        [text.record_result(0).replace(text.result(0), "%Result* %one")],
    ),
    "a result that is read": (
        [f"call void @f({text.result(1)})"],
        "%Result* %one",
        [
            text.read("bit", 0).replace(text.result(0), "%Result* %one"),
            text.record_value("bool", "i1 %bit"),
        ],
    ),
    "a result that is written": (
        [f"call void @f({text.result(3)})"],
        "%Result* %one",
        ["call void @__quantum__rt__write_result(i1 true, %Result* %one)"],
    ),
    "a result that no memory has": (
        [f"call void @f({text.result(2**62)})"],
        "%Result* %one",
        [text.read("bit", 0).replace(text.result(0), "%Result* %one")],
    ),
    "an angle that is no number": (
        ["call void @f(double 0.0)"],
        "double %one",
        [
            "%angle = fdiv double %one, 0.0",
            text.call("ry__body", "double %angle", text.qubit(0)),
        ],
    ),
    "an infinite angle": (
        ["call void @f(double 1.0)"],
        "double %one",
        [
            "%angle = fdiv double %one, 0.0",
            text.call("rzz__body", "double %angle", text.qubit(0), text.qubit(1)),
        ],
    ),
}


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("case", COMPUTED)
def test_what_is_computed_is_checked_when_it_is_used(case: str, *, device: bool) -> None:
    """A program cannot reach by computing what it may not write down."""
    body, parameters, inside = COMPUTED[case]
    body = [*body, text.measure(0, 0), *text.register(0)]
    source = text.with_function(body, parameters, inside, qubits=2, results=1)
    failed = outcomes(source, "quantinuum.sim.h2-1e", **({} if device else NOISELESS))

    assert isinstance(failed, JobError), failed
    assert failed.message.startswith(REFUSED)


FLIP = text.call("x__body", text.qubit(0))
NEVER = [text.read("end", 0), "br i1 %end, label %a, label %a", "a:"]
SHAPES: dict[str, tuple[list[str], Any]] = {
    "records one by one": (
        [
            *(FLIP, text.measure(0, 0), text.record_result(0), *BRANCH[1:]),
            *(text.call("x__body", text.qubit(1)), "br label %end", "end:"),
            *(text.measure(1, 1), text.record_result(1)),
        ],
        [1, 1],
    ),
    "the value of its time": (
        [
            *(FLIP, text.measure(0, 0), text.record_result(0)),
            *(text.call("reset__body", text.qubit(0)), text.measure(0, 0)),
            *(text.record_result(0), *NEVER),
        ],
        [1, 0],
    ),
    "other records in every branch": (
        [
            *(FLIP, text.measure(0, 0), text.read("bit", 0)),
            "br i1 %bit, label %one, label %other",
            *("one:", text.record("tuple", 2), text.record_result(0)),
            *(text.record_value("int", "i64 7"), "br label %end"),
            *("other:", text.record("array", 1), text.record_result(1), "br label %end", "end:"),
        ],
        {"Item1": 1, "Item2": 7},
    ),
    "records in a loop": (
        [
            *("entry:", "br label %loop", "loop:", "%n = phi i64 [0, %entry], [%next, %loop]"),
            *(FLIP, text.measure(0, 0), text.record_result(0), "%next = add i64 %n, 1"),
            *("%done = icmp eq i64 %next, 4", "br i1 %done, label %end, label %loop", "end:"),
        ],
        [1, 0, 1, 0],
    ),
}


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("shape", SHAPES)
def test_outcomes_have_the_shape_of_what_ran(shape: str, *, device: bool) -> None:
    """Records count as they are made: in which order, how often, in which branch."""
    body, expected = SHAPES[shape]
    source = text.module(body, qubits=2, results=2)
    found = outcomes(source, "quantinuum.sim.h2-1e", **({} if device else NOISELESS))

    assert isinstance(found, list), found
    assert found[0] == expected


@pytest.mark.parametrize("device", ["generic", None])
def test_labels_are_those_of_the_records_that_ran(device: str | None) -> None:
    """A function that records has one label for all of its calls."""
    record = text.record_result(0).replace(text.result(0), "%Result* %r")
    body = [FLIP, text.measure(0, 0), text.record("tuple", 2)]
    body += [f"call void @f({text.result(0)})", f"call void @f({text.result(1)})"]
    source = text.with_function(body, "%Result* %r", [record], qubits=1, results=2)
    source = source.replace(
        b"%r, i8* null", b"%r, i8* getelementptr ([2 x i8], [2 x i8]* @l, i64 0, i64 0)"
    )
    program = qir.parse(b'@l = internal constant [2 x i8] c"x\\00"\n' + source)
    assert isinstance(program, AdaptiveProgram)

    shots = adaptive.sample(program, Run(1, seed=1, device=device))

    assert [leaf.label for leaf in records.leaves(shots.different[0])] == ["x", "x"]


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("label", [[], ["start:"], ["1:"]])
@pytest.mark.parametrize("number", range(4))
def test_a_result_is_zero_until_it_is_measured(
    number: int, label: list[str], *, device: bool
) -> None:
    """Whatever its number is: recorded, and as a condition."""
    body = [text.record_result(number), text.read("bit", number)]
    body += ["br i1 %bit, label %then, label %end", "then:", FLIP, "br label %end", "end:"]
    body += [text.measure(0, number), text.record_result(number)]
    source = text.module([*label, *body], qubits=1, results=4)
    params = {} if device else NOISELESS

    found = outcomes(source, "quantinuum.sim.h2-1e", **params)
    assert isinstance(found, list), found
    assert found[0] == [0, 0]


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
def test_q_sharp_with_functions_runs(*, device: bool) -> None:
    """The compiler leaves operations as functions of the module in its adaptive profile."""
    qsharp.init(target_profile=TargetProfile.Adaptive)
    qsharp.eval(
        "operation Pair() : (Result, Result) { use (a, b) = (Qubit(), Qubit());"
        " X(a); CNOT(a, b); (MResetZ(a), MResetZ(b)) }"
    )
    source = str(qsharp.compile("Pair()")).encode()
    found = outcomes(source, "quantinuum.sim.h2-1e", **({} if device else NOISELESS))

    assert isinstance(found, list), found
    assert found[0] == {"Item1": 1, "Item2": 1}
