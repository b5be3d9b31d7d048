"""Qubits, results and registers that are used again, or not at all: right, or refused."""

from __future__ import annotations

import json

import pytest
import qirrunner

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from emulator_support import qir_text as text
from emulator_support.tasks import completed

V2 = "microsoft.quantum-results.v2"
SAMPLING = ("local.sim.aer", "quantinuum.sim.h2-1e", "rigetti.sim.qvm")


def flip(qubit: int) -> str:
    """Return the instruction that flips a qubit."""
    return text.call("x__body", text.qubit(qubit))


def reset(qubit: int) -> str:
    """Return the instruction that resets a qubit."""
    return text.call("reset__body", text.qubit(qubit))


def read_and_reset(qubit: int, result: int) -> str:
    """Return the instruction that does both."""
    return text.call("mresetz__body", text.qubit(qubit), text.result(result))


def outcome(source: bytes, target: str) -> list[int] | str:
    """Return the outcome of a program that has only one, or why the target refuses it."""
    done = execute(Task(target, source, "qir.v1", {"shots": 3, "error-model": False}, V2))
    if isinstance(done, JobError):
        return done.message
    (entry,) = json.loads(done.output)["Results"][0]["Histogram"]
    found: list[int] = entry["Outcome"]
    return found


def interpreted(source: bytes) -> list[int]:
    """Return the outcome of one shot as the interpreter of QIR tells it."""
    lines: list[str] = []
    qirrunner.run_bytes(source, "ENTRYPOINT__main", 1, 1, lambda part: lines.append(str(part)))
    results = "".join(lines).split("OUTPUT\tRESULT\t")[1:]
    return [int(result[0]) for result in results]


REUSES = {
    "reset, measured": [flip(0), text.measure(0, 0), reset(0), text.measure(0, 1)],
    "measured with a reset, measured": [flip(0), read_and_reset(0, 0), text.measure(0, 1)],
    "measured twice with a reset": [flip(0), read_and_reset(0, 0), read_and_reset(0, 1)],
    "reset, flipped, measured": [flip(0), text.measure(0, 0), reset(0), flip(0), reset(0)],
    "reset, entangled": [
        *(flip(0), text.measure(0, 0), reset(0)),
        text.call("cx__body", text.qubit(0), text.qubit(1)),
        text.measure(1, 1),
    ],
}


@pytest.mark.parametrize("body", REUSES.values(), ids=REUSES)
def test_a_qubit_that_is_reset_is_zero_or_refused(body: list[str]) -> None:
    """A target that measures at the end says so; all others give what the interpreter gives."""
    source = text.module([*body, *text.register(0, 1)], qubits=2, results=2)

    assert "measures once, at the end" in str(outcome(source, "ionq.simulator"))
    for target in SAMPLING:
        assert outcome(source, target) == interpreted(source) == [1, 0], target


def test_a_qubit_may_be_measured_again_at_the_end() -> None:
    """Nothing happens between two measurements, so they agree also where they are at the end."""
    body = [flip(0), text.measure(0, 0), text.measure(0, 1), text.measure(1, 2), reset(0)]
    source = text.module([*body, *text.register(0, 1, 2)], qubits=2, results=3)

    for target in ("ionq.simulator", *SAMPLING):
        assert outcome(source, target) == interpreted(source) == [1, 1, 0], target


RECORDS = {
    "recorded, measured, recorded": [
        *(flip(0), text.measure(0, 0), text.record_result(0)),
        *(reset(0), text.measure(0, 0), text.record_result(0)),
    ],
    "recorded before it is measured": [
        text.record_result(0),
        *(flip(0), text.measure(0, 0), text.record_result(0)),
    ],
    "recorded twice, measured from another qubit": [
        *(flip(0), text.measure(0, 0), text.record_result(0), text.record_result(0)),
        *(text.measure(1, 0), text.measure(0, 1)),
        *(text.record_result(1), text.record_result(0)),
    ],
    "in a container that is announced before": [
        text.record("array", 3),
        *(text.measure(0, 0), text.record_result(0), flip(0)),
        *(text.measure(0, 0), text.record_result(0), flip(0)),
        *(text.measure(0, 0), text.record_result(0)),
    ],
}


@pytest.mark.parametrize("body", RECORDS.values(), ids=RECORDS)
def test_a_record_has_the_value_of_its_time(body: list[str]) -> None:
    """A result that is measured again does not change what was recorded of it."""
    source = text.module(body, qubits=2, results=2)

    for target in SAMPLING:
        assert outcome(source, target) == interpreted(source), target
    rounded = outcome(source, "ionq.simulator")
    assert rounded == interpreted(source) or "measures once, at the end" in str(rounded)


def registers(source: str, **params: object) -> dict[str, list[str]]:
    """Return the registers of an OpenQASM program, shot by shot."""
    task = Task(
        "quantinuum.sim.h2-1e",
        f'OPENQASM 2.0; include "qelib1.inc"; {source}'.encode(),
        "honeywell.openqasm.v1",
        {"shots": 3, "error-model": False, **params},
        "honeywell.quantum-results.v1",
    )
    found: dict[str, list[str]] = json.loads(completed(task).output)
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("qreg q[2]; creg c[2]; if(c==1) x q[0]; measure q[1]->c[1];", {"c": "00"}),
        ("qreg q[2]; creg c[2]; if(c==0) x q[0]; measure q[0]->c[1];", {"c": "10"}),
        ("qreg q[3]; creg c[1]; creg d[1]; if(d==0) x q[2]; measure q[2]->c[0];", {"c": "1"}),
        ("qreg q[2]; creg c[2]; if(c==1) x q[0];", {"c": "00"}),
        ("qreg q[1]; creg c[2]; x q[0]; measure q[0]->c[0]; if(c==1) x q[0];", {"c": "01"}),
        (
            (
                "qreg q[1]; creg c[2]; x q[0]; measure q[0]->c[0]; reset q[0]; "
                "measure q[0]->c[1]; if(c==1) x q[0]; measure q[0]->c[1];"
            ),
            {"c": "11"},
        ),
    ],
)
def test_a_condition_may_be_anywhere(source: str, expected: dict[str, str]) -> None:
    """A register that nothing was measured into is zero, also for a condition."""
    found = registers(source)

    assert {name: found[name] for name in expected} == {
        name: [bits] * 3 for name, bits in expected.items()
    }


def test_a_measurement_into_no_memory_takes_no_bit_of_others() -> None:
    """In Quil a measurement may be made for its effect alone."""
    source = b"DECLARE ro BIT[2]\nX 0\nMEASURE 0\nMEASURE 0 ro[1]\nX 0\nMEASURE 0\n"
    done = completed(
        Task("rigetti.sim.qvm", source, "rigetti.quil.v1", {"shots": 2}, "rigetti.quil-results.v1")
    )

    assert isinstance(done, Completed)
    assert json.loads(done.output) == {"ro": [[0, 1], [0, 1]]}
