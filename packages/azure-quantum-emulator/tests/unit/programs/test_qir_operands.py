"""Constants of LLVM that are no operands of QIR: refused in the reader's words, and never read."""

from __future__ import annotations

import json
from typing import Any

import pyqir
import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Task
from azure_quantum_emulator.programs import qir
from azure_quantum_emulator.programs.program import CircuitProgram
from azure_quantum_emulator.programs.records import ResultRecord
from emulator_support import qir_text as text
from emulator_support.tasks import completed

V2 = "microsoft.quantum-results.v2"
TARGET = "quantinuum.sim.h2-1e"
PARAMETERS: dict[str, dict[str, Any]] = {"noisy": {}, "noiseless": {"error-model": False}}
HIDDEN = "@hidden = internal constant i8 0\n"
NO_NUMBERS = {
    "32 bits": "inttoptr (i32 1 to {})",
    "8 bits": "inttoptr (i8 1 to {})",
    "128 bits": "inttoptr (i128 1 to {})",
    "undef": "undef",
    "poison": "poison",
    "undef bits": "inttoptr (i64 undef to {})",
    "address": "bitcast (i8* @hidden to {})",
    "offset": "bitcast (i8* getelementptr (i8, i8* null, i64 1) to {})",
}


def program(line: str, *, branches: bool) -> bytes:
    """Return a program with a line in it, in a branch or not."""
    flip = [text.call("x__body", text.qubit(0)), text.measure(0, 0)]
    branch = [text.read("bit", 0), "br i1 %bit, label %then, label %end", "then:", line]
    branch += ["br label %end", "end:"]
    body = [*flip, *(branch if branches else [line]), *text.register(0)]
    source = text.module(body, qubits=3, results=2)
    return source.replace(b"define", HIDDEN.encode() + b"define", 1)


def failure(source: bytes, kind: str) -> JobError:
    """Return why a program fails."""
    failed = execute(Task(TARGET, source, "qir.v1", {"shots": 3, **PARAMETERS[kind]}, V2))
    assert isinstance(failed, JobError), failed
    return failed


@pytest.mark.parametrize("kind", PARAMETERS)
@pytest.mark.parametrize("branches", [True, False], ids=["branch", "straight line"])
@pytest.mark.parametrize("constant", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_a_qubit_or_a_result_is_a_number_of_64_bits(
    constant: str, kind: str, *, branches: bool
) -> None:
    """A constant of another kind has no number, whatever is found where one would be."""
    qubit = f"%Qubit* {constant.format('%Qubit*')}"
    result = f"%Result* {constant.format('%Result*')}"
    for line, what in (
        (text.call("x__body", qubit), "qubit"),
        (text.call("m__body", text.qubit(1), result), "result"),
        (f"call void @__quantum__rt__result_record_output({result}, i8* null)", "result"),
    ):
        failed = failure(program(line, branches=branches), kind)
        assert failed.code == "QIRPreProcessingFailed"
        assert failed.message == f"A {what} is a constant that is no number of 64 bits."


@pytest.mark.parametrize("branches", [True, False], ids=["branch", "straight line"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (text.call("y__body", "i64 1"), "A qubit is no pointer"),
        (text.call("mz__body", text.qubit(1), "double 1.0"), "A result is no pointer"),
        (text.call("rx__body", "float 1.0", text.qubit(1)), "angle that is no double"),
        (text.call("rx__body", text.qubit(1), "double 1.0"), "A qubit is no pointer"),
        (text.call("rx__body", "double undef", text.qubit(1)), "the angle undef"),
        (text.call("rzz__body", "double poison", *map(text.qubit, (0, 1))), "the angle poison"),
    ],
)
def test_an_operand_has_its_type(line: str, words: str, *, branches: bool) -> None:
    """A declaration of the program's own does not make an angle of a qubit."""
    for kind in PARAMETERS:
        assert words in failure(program(line, branches=branches), kind).message


@pytest.mark.parametrize(
    ("written", "number"),
    [("null", 0), ("inttoptr (i64 0 to {})", 0), ("inttoptr (i64 2 to {})", 2)],
)
@pytest.mark.parametrize("kind", PARAMETERS)
@pytest.mark.parametrize("branches", [True, False], ids=["branch", "straight line"])
def test_a_number_is_a_qubit(written: str, number: int, kind: str, *, branches: bool) -> None:
    """Both ways in which QIR writes it, as text and as bitcode."""
    line = text.call("x__body", f"%Qubit* {written.format('%Qubit*')}")
    source = program(line, branches=branches)
    source = source.replace(b"(i64 1, i8* null)", b"(i64 2, i8* null)")
    recorded = text.call("m__body", text.qubit(number), text.result(1)), text.record_result(1)
    source = source.replace(b"ret void", "\n".join([*recorded, "ret void"]).encode(), 1)
    bitcode = pyqir.Module.from_ir(pyqir.Context(), source.decode()).bitcode

    for form in (source, bitcode):
        task = Task(TARGET, form, "qir.v1", {"shots": 40, "seed": 1, **PARAMETERS[kind]}, V2)
        histogram = json.loads(completed(task).output)["Results"][0]["Histogram"]
        most = max(histogram, key=lambda entry: entry["Count"])
        assert most["Outcome"] == [1, int(number != 0)]


LABELS = {
    "text": ('internal constant [2 x i8] c"a\\00"', "a"),
    "text that may change": ('internal global [2 x i8] c"a\\00"', ""),
    "zeros": ("internal constant [2 x i8] zeroinitializer", ""),
    "a number": ("internal constant i8 97", ""),
    "undefined": ("internal constant [2 x i8] undef", ""),
    "elsewhere": ("external constant [2 x i8]", ""),
}


@pytest.mark.parametrize(("constant", "label"), LABELS.values(), ids=LABELS)
def test_a_label_is_text(constant: str, label: str) -> None:
    """A record whose label is another constant has none."""
    kind = "i8" if constant.endswith("97") else "[2 x i8]"
    pointer = f"i8* bitcast ({kind}* @label to i8*)"
    record = text.record_result(0).replace("i8* null", pointer)
    body = [text.measure(0, 0), record]
    source = text.module(body, qubits=1, results=1).decode()
    source = source.replace("define", f"@label = {constant}\ndefine", 1)

    read = qir.parse(source.encode())

    assert isinstance(read, CircuitProgram)
    assert isinstance(read.output, ResultRecord)
    assert read.output.label == label


NUMBERS = [-3, -1, 0, 1, 2**63 - 1, -(2**63)]


@pytest.mark.parametrize("kind", PARAMETERS)
@pytest.mark.parametrize("branches", [True, False], ids=["branch", "straight line"])
def test_a_recorded_number_has_its_sign(kind: str, *, branches: bool) -> None:
    """Also one that no program computes."""
    lines = [text.record("tuple", len(NUMBERS) + 2)]
    lines += [text.record_value("int", f"i64 {number}") for number in NUMBERS]
    lines += [text.record_value("bool", f"i1 {value}") for value in ("true", "false")]
    read = [text.read("bit", 0)] * branches
    source = text.module([text.measure(0, 0), *read, *lines], qubits=1, results=1)

    task = Task(TARGET, source, "qir.v1", {"shots": 1, **PARAMETERS[kind]}, V2)
    (shot,) = json.loads(completed(task).output)["Results"][0]["Shots"]
    assert list(shot.values()) == [*NUMBERS, True, False]


RECORDS = {
    "a whole number of 32 bits": text.record_value("int", "i32 5"),
    "no whole number": text.record_value("int", "double 5.0"),
    "nothing": "call void @__quantum__rt__int_record_output()",
    "no truth value": text.record_value("bool", "i64 1"),
    "no double": text.record_value("double", "float 5.0"),
    "no result": text.record_value("result", "i64 0"),
    "a size of 32 bits": text.record_value("array", "i32 0"),
    "less than no items": text.record("tuple", -1),
    "far less than no items": text.record("array", -(2**63)),
}


@pytest.mark.parametrize("branches", [True, False], ids=["branch", "straight line"])
@pytest.mark.parametrize("line", RECORDS.values(), ids=RECORDS)
def test_a_record_has_a_value_of_its_type(line: str, *, branches: bool) -> None:
    """Whatever a simulator would read in its place."""
    read = [text.read("bit", 0)] * branches
    source = text.module([text.measure(0, 0), *read, line], qubits=1, results=1)

    for kind in PARAMETERS:
        failed = failure(source, kind)
        assert failed.code == "QIRPreProcessingFailed"
        assert "_record_output records" in failed.message


@pytest.mark.parametrize("kind", PARAMETERS)
def test_a_result_may_be_written(kind: str) -> None:
    """It has the value that was written, and has to be declared."""
    write = "call void @__quantum__rt__write_result(i1 true, {})"
    body = [write.format(text.result(1)), *text.register(0, 1)]
    task = Task(
        TARGET,
        text.module(body, qubits=1, results=2),
        "qir.v1",
        {"shots": 1, **PARAMETERS[kind]},
        V2,
    )
    assert json.loads(completed(task).output)["Results"][0]["Shots"] == [[0, 1]]

    beyond = text.module([write.format(text.result(2)), *text.register(0)], qubits=1, results=2)
    assert failure(beyond, kind).message.startswith("The result 2 is used")
