"""What an adaptive program may call, and in which ways."""

from __future__ import annotations

import re
from typing import Any

import pyqir
import pytest

from azure_quantum_emulator.errors import JobError
from emulator_support import qir_text as text
from emulator_support.tasks import outcomes

NOISELESS: dict[str, Any] = {"error-model": False}
REFUSED = "The program computes a qubit or a result that it does not declare"
FLIP = text.call("x__body", text.qubit(0))


@pytest.fixture(params=["noiseless", "noisy", "syntax check"])
def simulator(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """Return a target and the parameters that choose a simulator there."""
    return {
        "noiseless": ("quantinuum.sim.h2-1e", NOISELESS),
        "noisy": ("quantinuum.sim.h2-1e", {}),
        "syntax check": ("quantinuum.sim.h2-1sc", {}),
    }[request.param]


def in_branch(*lines: str) -> bytes:
    """Return a program with these lines in a branch."""
    branch = ["br i1 %bit, label %then, label %end", "then:", *lines, "br label %end", "end:"]
    body = [text.measure(0, 0), text.read("bit", 0), *branch, *text.register(0)]
    return text.module(body, qubits=1, results=1)


SHAPES = {
    "nested": (["call void @outer({q})"], "[1]"),
    "recursive": (["call void @again({q}, i64 5)"], "[1]"),
    "without parameters": (["call void @constant()"], "[1]"),
    "with a value": (["%n = call i64 @three()", "call void @again({q}, i64 %n)"], "[1]"),
    "not called": ([FLIP], "[1]"),
}
FUNCTIONS = f"""
define void @outer(%Qubit* %q) {{ call void @inner(%Qubit* %q) ret void }}
define internal void @inner(%Qubit* %q) {{
  {text.call("x__body", "%Qubit* %q")}
  ret void
}}
define void @again(%Qubit* %q, i64 %n) {{
  %done = icmp eq i64 %n, 0
  br i1 %done, label %end, label %more
more:
  {text.call("x__body", "%Qubit* %q")}
  %less = sub i64 %n, 1
  call void @again(%Qubit* %q, i64 %less)
  br label %end
end:
  ret void
}}
define void @constant() {{ {FLIP} ret void }}
define i64 @three() {{ ret i64 3 }}
"""


@pytest.mark.parametrize("called", SHAPES)
@pytest.mark.parametrize(
    "target", ["local.sim.aer", "quantinuum.sim.h2-1e", "rigetti.sim.qvm", "ionq.qpu.forte-1"]
)
def test_a_function_of_the_module_runs_in_every_shape(target: str, called: str) -> None:
    """On each target that samples, with noise where it has some, as text and as bitcode."""
    lines, expected = SHAPES[called]
    body = [line.format(q=text.qubit(0)) for line in lines]
    # FLIP is for its declaration, twice so as to change nothing.
    body = [FLIP, FLIP, *body, text.measure(0, 0), *text.register(0)]
    source = text.module(body, qubits=1, results=1).decode()
    for name in ("outer", "again", "constant", "three"):
        source = re.sub(rf"^declare .* @{name}\(.*\n", "", source, flags=re.MULTILINE)
    source = source.replace("define", f"{FUNCTIONS}define", 1)
    bitcode = pyqir.Module.from_ir(pyqir.Context(), source).bitcode

    for program in (source.encode(), bitcode):
        found = outcomes(program, target)
        assert isinstance(found, list), found
        assert str(found[0]) == expected


def test_a_target_that_samples_nothing_says_so_of_functions() -> None:
    """It runs straight circuits, and names what the program has beyond them."""
    source = text.with_function(
        [f"call void @f({text.qubit(0)})", text.measure(0, 0), *text.register(0)],
        "%Qubit* %q",
        [text.call("x__body", "%Qubit* %q")],
        qubits=1,
        results=1,
    )
    failed = outcomes(source, "ionq.simulator")
    assert isinstance(failed, JobError)
    assert "calls functions of its own" in failed.message


FOREIGN = {
    "assembly": 'call void asm sideeffect "nop", ""()',
    "a qubit that is not declared": text.call("x__body", text.qubit(7)),
    "a function of the machine": "call void @abort()",
}


@pytest.mark.parametrize("line", FOREIGN.values(), ids=FOREIGN)
def test_another_entry_point_is_checked_where_it_is_called(line: str) -> None:
    """It is a function like others then; one that is not called may declare more qubits."""
    second = f"define void @second() #1 {{\n{line}\nret void\n}}\ndeclare void @abort()\n"
    more = 'attributes #1 = { "entry_point" "required_num_qubits"="9" "required_num_results"="1" }'
    flip = text.call("x__body", text.qubit(0))
    alone = text.module([flip, text.measure(0, 0), *text.register(0)], qubits=1, results=1)
    both = alone.replace(b"define", f"{second}define".encode(), 1) + more.encode()
    calling = both.replace(flip.encode(), f"{flip}\ncall void @second()".encode(), 1)
    chosen: dict[str, Any] = {"entryPoint": "ENTRYPOINT__main", **NOISELESS}

    assert outcomes(both, "quantinuum.sim.h2-1e", **chosen) == [[1]]
    failed = outcomes(calling, "quantinuum.sim.h2-1e", **chosen)
    assert isinstance(failed, JobError), failed
    assert failed.code == "QIRPreProcessingFailed"


@pytest.mark.parametrize("called", [text.qubit(0), text.qubit(9)])
def test_a_call_with_a_way_out_is_none_of_qir(
    simulator: tuple[str, dict[str, Any]], called: str
) -> None:
    """What an exception would need is refused, whatever it calls."""
    target, params = simulator
    flip = text.call("x__body", called)
    body = [flip.replace("call", "invoke") + " to label %end unwind label %caught", "caught:"]
    body += ["%pad = landingpad i8 cleanup", "br label %end", "end:"]
    plain = text.module([flip, text.measure(0, 0), *text.register(0)], qubits=1, results=1)
    source = plain.decode().replace(flip, "\n".join(body))
    source = source.replace("#0 {", "#0 personality i32 ()* @person {", 1)
    source = source.replace("define", "define i32 @person() {\nret i32 0\n}\ndefine", 1)

    failed = outcomes(source.encode(), target, **params)

    assert isinstance(failed, JobError), failed
    assert failed.message == "The program calls something in a way that is none of QIR."


@pytest.mark.parametrize("declared", ["dso_local", "extern_weak", "hidden"])
@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
def test_no_way_to_declare_an_instruction_hides_it(declared: str, *, device: bool) -> None:
    """Its operands are checked when it is used, however it is written."""
    flip = [text.call("x__body", "%Qubit* %q").replace("call", "tail call")]
    body = [f"call void @f({text.qubit(3)})", text.measure(0, 0), *text.register(0)]
    source = text.with_function(body, "%Qubit* %q", flip, qubits=1, results=1)
    hidden = source.replace(
        b"declare void @__quantum__qis__x", f"declare {declared} void @__quantum__qis__x".encode()
    )
    failed = outcomes(hidden, "quantinuum.sim.h2-1e", **({} if device else NOISELESS))

    assert isinstance(failed, JobError), failed
    assert failed.message.startswith(REFUSED)


def test_a_label_that_is_computed_is_none() -> None:
    """A record with noise is told by its place, and what it may have for a label is not read."""
    record = text.record_result(0).replace("i8* null", "i8* %label")
    body = [FLIP, text.measure(0, 0), "call void @f(i8* null)"]
    source = text.with_function(body, "i8* %label", [record], qubits=1, results=1)

    found = outcomes(source, "quantinuum.sim.h2-1e")
    assert isinstance(found, list), found
    assert found[0] == 1


@pytest.mark.parametrize("device", [True, False], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("linkage", ["internal", "private", "dso_local"])
def test_an_entry_point_may_be_hidden(linkage: str, *, device: bool) -> None:
    """Some generators give no function of a module a name for others, its entry point neither."""
    flip = [text.call("x__body", "%Qubit* %q")]
    body = [f"call void @f({text.qubit(0)})", text.measure(0, 0), *text.register(0)]
    source = text.with_function(body, "%Qubit* %q", flip, qubits=1, results=1)
    hidden = source.replace(b"define void @ENTRY", f"define {linkage} void @ENTRY".encode())
    branching = in_branch(FLIP, text.measure(0, 0))
    branching = branching.replace(b"define void @ENTRY", f"define {linkage} void @ENTRY".encode())
    params = {} if device else NOISELESS

    for program, expected in ((hidden, [1]), (branching, [0])):
        found = outcomes(program, "quantinuum.sim.h2-1e", **params)
        assert isinstance(found, list), found
        assert found[0] == expected


@pytest.mark.parametrize(
    "line", ['call void asm sideeffect "nop", ""()', "call void inttoptr (i64 64 to void ()*)()"]
)
def test_machine_code_is_no_program(simulator: tuple[str, dict[str, Any]], line: str) -> None:
    """An interpreter compiles what it is given; only functions of QIR are given to it."""
    target, params = simulator
    source = in_branch().replace(b"then:", f"then:\n{line}".encode())
    failed = outcomes(source, target, **params)

    assert isinstance(failed, JobError)
    assert "no function of QIR" in failed.message


def test_nor_is_assembly_beside_it(simulator: tuple[str, dict[str, Any]]) -> None:
    """A module may have code that no function is."""
    target, params = simulator
    failed = outcomes(b'module asm "nop"\n' + in_branch(), target, **params)

    assert isinstance(failed, JobError)
    assert "assembly" in failed.message
