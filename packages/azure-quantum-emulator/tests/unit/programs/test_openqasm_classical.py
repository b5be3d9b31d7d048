"""Classical statements of Quantinuum's OpenQASM: what they leave in the registers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task

HEAD = 'OPENQASM 2.0; include "hqslib1.inc"; qreg q[2]; creg a[2]; creg b[2]; creg c[3];'
ONE = "x q[0]; measure q[0] -> b[0];"
"""Makes b 1."""


def outcome(body: str, target: str = "quantinuum.sim.h2-1e") -> Completed | JobError:
    """Run a program without noise."""
    return execute(task(body, target, {"shots": 3, "seed": 1, "error-model": False}))


def task(body: str, target: str, params: dict[str, Any]) -> Task:
    """Return a task."""
    return Task(
        target=target,
        source=(HEAD + body).encode(),
        input_format="honeywell.openqasm.v1",
        input_params=params,
        output_format="honeywell.quantum-results.v1",
    )


def registers(body: str, target: str = "quantinuum.sim.h2-1e") -> dict[str, str]:
    """Return the registers after a program that leaves the same in every shot."""
    done = outcome(body, target)
    assert isinstance(done, Completed), done
    shots = json.loads(done.output)
    assert all(len(set(values)) == 1 for values in shots.values())
    return {name: values[0] for name, values in shots.items()}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{ONE} a[0] = b[0];", {"a": "01", "b": "01"}),
        (f"{ONE} a[1] = b[0];", {"a": "10"}),
        (f"{ONE} a = b;", {"a": "01"}),
        (f"{ONE} c = b;", {"c": "001"}),
        (f"{ONE} b = 2;", {"b": "10"}),
        ("b = 2;", {"b": "10", "a": "00"}),
        (f"{ONE} b = 7;", {"b": "11"}),
        (f"{ONE} a[0] = 1; a[1] = 0;", {"a": "01"}),
        (f"{ONE} a[0] = b[0] ^ b[1];", {"a": "01"}),
        (f"{ONE} a[0] = b[0] & b[1];", {"a": "00"}),
        (f"{ONE} a[0] = b[0] | b[1];", {"a": "01"}),
        (f"{ONE} a[1] = ~b[1];", {"a": "10"}),
        (f"{ONE} a = ~b;", {"a": "10"}),
        (f"{ONE} c = 6; c = c ^ b | (c & 5);", {"c": "111"}),
        (f"{ONE} a = b ^ 3;", {"a": "10"}),
        (f"{ONE} b = b ^ 1;", {"b": "00"}),
        (f"{ONE} a = b; x q[0]; measure q[0] -> b[0]; c = b;", {"a": "01", "b": "00", "c": "000"}),
    ],
)
def test_assignments_compute(body: str, expected: dict[str, str]) -> None:
    """Bits, registers and numbers, alone and combined, are assigned."""
    found = registers(body)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("b>=1", True),
        ("b >= 2", False),
        ("b>0", True),
        ("b>1", False),
        ("b<2", True),
        ("b<1", False),
        ("b<=1", True),
        ("b<=0", False),
        ("b!=0", True),
        ("b!=1", False),
        ("b==1", True),
        ("b==2", False),
        ("b[0]==1", True),
        ("b[0]==0", False),
        ("b[1]==0", True),
        ("b[0]!=0", True),
        ("b[1]>=1", False),
        ("b[1]<2", True),
        ("b<9", True),
        ("b>=9", False),
    ],
)
def test_conditions_compare(condition: str, holds: bool) -> None:
    """A gate, a measurement or an assignment is done where the condition holds."""
    body = f"{ONE} if({condition}) x q[1]; if ({condition}) a = 2; measure q[1] -> c[0];"
    assert registers(body) == {
        "a": "10" if holds else "00",
        "b": "01",
        "c": "001" if holds else "000",
    }


def test_a_condition_holds_for_all_that_a_statement_does() -> None:
    """A gate on a register is one on each of its qubits."""
    body = "a = 1; if(a>=1) x q; measure q -> b; if(b>3) measure q[0] -> c[2];"
    assert registers(body) == {"a": "01", "b": "11", "c": "000"}


def test_a_condition_on_one_qubit_decides_about_another() -> None:
    """An assignment under a condition waits for the measurement that it depends on."""
    body = "x q[1]; measure q[1] -> b[1]; if(b>=2) a = 1; if(b<2) c = 7; if(a[0]==1) c[2] = 1;"
    assert registers(body) == {"a": "01", "b": "10", "c": "100"}


def test_a_conditional_statement_may_be_written_over_lines() -> None:
    """Comments and line ends are between the words of a statement, and gates have bodies."""
    body = """
        gate flip p { x p; }
        // a = 3; is a comment
        x q[0]; measure q[0] -> b[0]; // so is this: if(b>=1) x q[1];
        if (b
            >= 1)
            flip q[1];
        a
          = b; measure q[1] -> c[1];
    """
    assert registers(body) == {"a": "01", "b": "01", "c": "010"}


def test_the_syntax_checker_takes_them() -> None:
    """It runs nothing, and gives zeros."""
    body = f"{ONE} a[0] = b[0]; if(b>=1) x q[1];"
    assert registers(body, "quantinuum.sim.h2-1sc") == {"a": "00", "b": "00", "c": "000"}


def test_noise_goes_with_them() -> None:
    """A device runs them too, after its gates are made native."""
    body = f"{ONE} a[0] = b[0] ^ b[1]; if(a>=1) x q[1]; measure q[1] -> c[0];"
    program = task(body, "quantinuum.sim.h2-1e", {"shots": 200, "seed": 1})
    done = execute(program)
    assert isinstance(done, Completed), done
    shots = json.loads(done.output)
    assert shots["a"].count("01") > 180
    assert shots["c"].count("001") > 180


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a = b + 1;", "+"),
        ("a = b << 1;", "<<"),
        ("d = 1;", "d"),
        ("a = d;", "d"),
        ("a[2] = 1;", "bit 2"),
        ("a = b[7];", "bit 7"),
        ("a = ;", "no expression"),
        ("a = (b;", "no expression"),
        ("a = b b;", "no expression"),
        ("if(d>=1) x q[0];", "d"),
        ("if(b>=1) nothing q[0];", "nothing"),
    ],
)
def test_what_is_not_known_fails_the_job_with_a_reason(body: str, message: str) -> None:
    """The message names what the program has that is not there."""
    done = outcome(body)
    assert isinstance(done, JobError)
    assert done.code == "InvalidInputData"
    assert message in done.message
