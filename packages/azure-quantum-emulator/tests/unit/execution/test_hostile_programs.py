"""Programs that parsers and simulators choke on: each fails its own job, with a reason."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pyqir
import pytest

from azure_quantum_emulator.errors import LONGEST_MESSAGE, JobError, ProgramError
from azure_quantum_emulator.execution import blame, execute, memory_limit
from azure_quantum_emulator.execution.results import UntranslatableError
from azure_quantum_emulator.execution.task import Completed, Task
from emulator_support import qir_text as text

V2 = "microsoft.quantum-results.v2"
FORMATS = {
    "qir.v1": ("local.sim.aer", V2),
    "ionq.circuit.v1": ("ionq.simulator", "ionq.quantum-results.v1"),
    "honeywell.openqasm.v1": ("quantinuum.sim.h2-1e", "honeywell.quantum-results.v1"),
    "rigetti.quil.v1": ("rigetti.sim.qvm", "rigetti.quil-results.v1"),
    "pasqal.pulser.v1": ("pasqal.sim.emu-free", "pasqal.pulser-results.v1"),
}
QASM = 'OPENQASM 2.0; include "qelib1.inc"; '
COIN = text.module(
    [text.call("h__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
    qubits=1,
    results=1,
)
BITCODE: bytes = pyqir.Module.from_ir(pyqir.Context(), COIN.decode()).bitcode
HUGE = pytest.param(10**5000, id="5001 digits")
REFUSALS = {"InvalidInputData", "QIRPreProcessingFailed", "SimulationFailed"}


def run(source: bytes, input_format: str, **params: object) -> Completed | JobError:
    """Return what comes of a job in a format."""
    target, output_format = FORMATS[input_format]
    task = Task(target, source, input_format, {"shots": 2, **params}, output_format)
    return execute.execute(task)


HOSTILE: list[tuple[str, bytes]] = [
    ("ionq.circuit.v1", b'{"gateset": [], "qubits": 1, "circuit": []}'),
    ("ionq.circuit.v1", b'{"gateset": {"a": 1}, "qubits": 1, "circuit": []}'),
    ("ionq.circuit.v1", b'{"qubits": 1e400, "circuit": []}'),
    ("ionq.circuit.v1", b'{"qubits": true, "circuit": []}'),
    ("ionq.circuit.v1", b"[" * 100_000),
    ("ionq.circuit.v1", b'{"qubits": 1, "circuit": [{"gate": "\\ud800", "target": 0}]}'),
    ("ionq.circuit.v1", b'{"qubits": 1, "circuit": [{"gate": ["x"], "target": 0}]}'),
    ("honeywell.openqasm.v1", f"{QASM}qreg q[999999999999]; creg c[1];".encode()),
    ("honeywell.openqasm.v1", f"{QASM}qreg q[1]; creg c[{'9' * 5000}];".encode()),
    ("honeywell.openqasm.v1", f"{QASM}qreg q[1]; creg c[1]; rx({'(' * 50_000}1".encode()),
    (
        "honeywell.openqasm.v1",
        f"{QASM}qreg q[1]; creg c[1]; gate g(a) q {{ rx(1/a) q; }} g(0) q[0];".encode(),
    ),
    ("honeywell.openqasm.v1", f"{QASM}qreg q[1]; creg c[1]; opaque o a; o q[0];".encode()),
    ("honeywell.openqasm.v1", b"\x00" * 100),
    ("rigetti.quil.v1", f"RX({'-' * 5000}1) 0\n".encode()),
    ("rigetti.quil.v1", f"X {'9' * 5000}\n".encode()),
    ("rigetti.quil.v1", f"DECLARE ro BIT[{'9' * 5000}]\n".encode()),
    ("rigetti.quil.v1", b"DECLARE t REAL[1000000000000]\nX 0\n"),
    ("rigetti.quil.v1", b"\x00X 0\n"),
    ("pasqal.pulser.v1", b'{"sequence_builder": "{}"}'),
    ("pasqal.pulser.v1", b'{"sequence_builder": 5}'),
    ("pasqal.pulser.v1", b"[" * 100_000),
    ("qir.v1", b"\x00" * 100),
    ("qir.v1", BITCODE[:60]),
    ("qir.v1", BITCODE[:100] + b"\xff" * 40 + BITCODE[140:]),
    ("qir.v1", BITCODE[:-200]),
    ("qir.v1", b"BC\xc0\xde"),
    ("qir.v1", b"\xde\xc0\x17\x0b" + b"\xff" * 64),
    ("qir.v1", COIN.replace(b"i64 1", b"i64 2000000000")),
    ("qir.v1", COIN.replace(b"i64 1", b"i64 -1")),
    ("qir.v1", COIN.replace(b'results"="1"', b'results"="x"')),
    ("qir.v1", COIN.replace(b'results"="1"', b'results"="-1"')),
    ("qir.v1", text.module([text.record("array", 1)] * 5000, qubits=1, results=1)),
    (
        "qir.v1",
        text.module(["call void @__quantum__rt__result_record_output()"], qubits=1, results=1),
    ),
]


@pytest.mark.parametrize(("input_format", "source"), HOSTILE)
def test_a_hostile_program_fails_its_job(input_format: str, source: bytes) -> None:
    """Whatever a parser or a simulator raises, and whether or not it is an Exception."""
    failed = run(source, input_format)

    assert isinstance(failed, JobError)
    assert failed.code in REFUSALS
    assert failed.message


@pytest.mark.parametrize("input_format", FORMATS)
@pytest.mark.parametrize("source", [b"", b"\n", b"{}", b"null", b"\xff\xfe", b"\xed\xa0\x80" * 9])
def test_what_is_no_program_in_any_format_is_refused(input_format: str, source: bytes) -> None:
    """Nothing, nearly nothing, and bytes that are no text."""
    done = run(source, input_format)

    if isinstance(done, Completed):  # an empty Quil program does nothing
        assert (input_format, source.strip()) == ("rigetti.quil.v1", b"")
    else:
        assert done.code in REFUSALS


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "mine.inc", "../mine.inc", "./qelib1.inc", "/dev/zero", "file:///x"]
)
def test_no_file_is_opened_by_openqasm(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the libraries that come with the language can be included."""
    folder = tmp_path / "inner"
    folder.mkdir()
    for place in (folder, tmp_path):
        (place / "mine.inc").write_text("gate secret a { x a; }", encoding="ascii")
    monkeypatch.chdir(folder)
    failed = run(
        f'{QASM} include "{name}"; qreg q[1]; creg c[1];'.encode(), "honeywell.openqasm.v1"
    )

    assert isinstance(failed, JobError)
    assert f"unable to find '{name}'" in failed.message


@pytest.mark.parametrize("library", ["qelib1.inc", "hqslib1.inc"])
def test_the_libraries_of_the_language_can_be_included(library: str) -> None:
    """That of OpenQASM, and Quantinuum's."""
    source = f'OPENQASM 2.0; include "{library}"; qreg q[1]; creg c[1]; x q[0]; measure q -> c;'
    done = run(source.encode(), "honeywell.openqasm.v1", **{"error-model": False})

    assert isinstance(done, Completed), done
    assert json.loads(done.output) == {"c": ["1", "1"]}


def test_a_register_may_be_empty() -> None:
    """OpenQASM allows it; there is nothing in it, shot by shot."""
    source = f"{QASM}qreg q[1]; creg a[0]; creg b[1]; creg c[0]; x q[0]; measure q[0]->b[0];"
    done = run(source.encode(), "honeywell.openqasm.v1", **{"error-model": False})

    assert isinstance(done, Completed), done
    assert json.loads(done.output) == {"a": ["", ""], "b": ["1", "1"], "c": ["", ""]}


@pytest.mark.parametrize("seed", [2**63, -(2**63) - 1, HUGE, 1.0, True, "1"])
@pytest.mark.parametrize("place", ["seed", "noise"])
def test_a_seed_is_a_number_of_64_bits(seed: object, place: str) -> None:
    """Simulators have types of their own for it; none of them gets to see another."""
    params: dict[str, Any] = {"seed": seed} if place == "seed" else {"noise": {"seed": seed}}
    failed = run(COIN, "qir.v1", **params)

    assert isinstance(failed, JobError)
    assert failed.code == "InvalidInputData"


@pytest.mark.parametrize("shots", [HUGE, -1, 2**64])
def test_so_are_shots(shots: int) -> None:
    """Also those that take too many digits to quote them."""
    failed = run(COIN, "qir.v1", shots=shots)

    assert isinstance(failed, JobError)
    assert failed.code == "InvalidInputData"


@pytest.mark.parametrize("seed", [2**63 - 1, -(2**63), -1, 0, 2**32])
@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("local.sim.aer", []),
        ("quantinuum.sim.h2-1e", []),
        ("local.sim.aer", [text.read("bit", 0)]),
        ("quantinuum.sim.h2-1e", [text.read("bit", 0)]),
    ],
)
def test_every_such_seed_repeats_its_shots(target: str, body: list[str], seed: int) -> None:
    """With noise and without, also for a job of two programs, the second of which has another."""
    measured = [text.call("h__body", text.qubit(0)), text.measure(0, 0), *body, *text.register(0)]
    source = text.module(measured, qubits=1, results=1)
    items = [{"entryPoint": "ENTRYPOINT__main"}] * 2
    params = {"shots": 40, "seed": seed, "items": items}
    task = Task(target, source, "qir.v1", params, V2)
    first, again = execute.execute(task), execute.execute(task)

    assert isinstance(first, Completed), first
    assert isinstance(again, Completed)
    one, other = json.loads(first.output)["Results"]
    assert first.output == again.output
    assert one != other


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("DEFCIRCUIT FOO q:\n    X q\n    Y q\nFOO 0", "DEFCIRCUIT is not supported here"),
        ("DEFCAL X 0:\n\tPULSE 0", "DEFCAL is not supported here"),
        ("DEFGATE R(%t):\n    cos(%t), 0\n    0, 1\nR(1) 0", "DEFGATE of anything but a matrix"),
        ("DEFGATE P AS PERMUTATION:\n    0, 1\nP 0", "DEFGATE of anything but a matrix"),
        ("DEFGATE P AS PAULI-SUM(%t) q:\n    Z(%t) q", "DEFGATE of anything but a matrix"),
        ('INCLUDE "/etc/passwd"', "INCLUDE is not supported here"),
    ],
)
def test_what_quil_has_and_the_emulator_has_not_is_named(line: str, words: str) -> None:
    """Not the column of its first line that is not understood."""
    failed = run(f"X 0\n{line}\n".encode(), "rigetti.quil.v1")

    assert isinstance(failed, JobError)
    assert words in failed.message


def test_a_message_can_always_be_shown() -> None:
    """It may quote the program: text without end, or half a character."""
    error = JobError.of(ProgramError("\ud800" + "x" * 10_000))

    assert len(error.message) < LONGEST_MESSAGE + 10
    assert json.dumps(error.message, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (ValueError("first\nsecond"), "Summary: ValueError: first"),
        (SystemExit(1), "Summary: SystemExit: 1"),
        (RecursionError(), "nested too deeply"),
        (MemoryError(), "more memory"),
    ],
)
def test_whatever_is_raised_is_told_as_the_programs(
    raised: BaseException, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has where, for who looks after the emulator."""
    caplog.set_level(logging.INFO)
    with pytest.raises(ProgramError, match=words), blame.blamed(ProgramError, "Summary"):
        raise raised

    assert len(caplog.records) == isinstance(raised, ValueError | SystemExit)


@pytest.mark.parametrize("raised", [ProgramError("as it is"), UntranslatableError()])
def test_what_is_told_already_is_left_alone(raised: Exception) -> None:
    """The words of a reader are better than any about it."""
    with pytest.raises(type(raised)) as caught, blame.blamed(ProgramError, "Summary"):
        raise raised

    assert caught.value is raised


def test_an_output_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server holds it while it is written; the job of a larger one fails."""
    monkeypatch.setattr(execute, "LARGEST_OUTPUT", 100)
    failed = run(COIN, "qir.v1", shots=1000)

    assert isinstance(failed, JobError)
    assert failed.code == "ProgramLimitExceeded"


@pytest.mark.parametrize("value", ["0x7FF8000000000000", "0x7FF0000000000000", "%z"])
def test_an_output_that_json_cannot_say_is_not_written(value: str) -> None:
    """A program may record a number that is none, as a constant or as it computes it."""
    body = ["%z = fdiv double 0.0, 0.0"] if value == "%z" else []
    body += [text.measure(0, 0), text.record_value("double", f"double {value}")]
    failed = run(text.module(body, qubits=1, results=1), "qir.v1")

    assert isinstance(failed, JobError)
    assert failed.code == "SimulationFailed"
    assert "cannot be written" in failed.message


@pytest.mark.parametrize("name", ["__quantum__qis__h__body", "__quantum__rt__result_record_output"])
def test_an_instruction_is_not_the_programs_to_define(name: str) -> None:
    """Readers would take it for the instruction, and interpreters for what it is defined as."""
    source = COIN.replace(f"declare void @{name}(".encode(), f"define void @{name}(".encode())
    lines = [
        line + "{ ret void }" * line.startswith("define void @__")
        for line in source.decode().splitlines()
    ]
    failed = run("\n".join(lines).encode(), "qir.v1")

    assert isinstance(failed, JobError)
    assert failed.message == f"The module defines {name}, which is QIR's own."


def test_memory_beyond_the_limit_is_not_given() -> None:
    """Within the block, and as much as ever behind it."""
    with pytest.raises(MemoryError), memory_limit.of(64):
        bytearray(256 << 20)

    with memory_limit.of(64):
        assert len(bytearray(16 << 20)) == 16 << 20
    with memory_limit.of(None):
        assert len(bytearray(256 << 20)) == 256 << 20
    assert len(bytearray(256 << 20)) == 256 << 20
