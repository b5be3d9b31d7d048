"""Classical statements of Quantinuum's OpenQASM: what they leave in the registers."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task

HEAD = 'OPENQASM 2.0; include "hqslib1.inc"; qreg q[2]; creg a[2]; creg b[2]; creg c[3];'
ONE = "x q[0]; measure q[0] -> b[0];"
"""Makes b 1."""
TOP_ONE = "x q[0]; measure q[0] -> wide[{}];"
NOISELESS: dict[bool, dict[str, Any]] = {True: {}, False: {"error-model": False}}
RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


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


@pytest.mark.parametrize("size", [1, 2, 32, 33, 64, 65])
@pytest.mark.parametrize("relation", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("noise", [True, False], ids=["noisy", "noiseless"])
def test_numbers_have_as_many_bits_as_registers(size: int, relation: str, *, noise: bool) -> None:
    """A register whose highest bit is one is compared with numbers around it, and beyond it."""
    compare = RELATIONS[relation]
    value = 1 << size - 1
    others = (0, 1, value - 1, value, value + 1, 2 * value - 1, 2 * value, 2 * value + 1, 4 * value)
    conditions = "".join(
        f"if(wide{relation}{other}) answer[{place}] = 1;" for place, other in enumerate(others)
    )
    body = f"creg wide[{size}]; creg answer[9]; {TOP_ONE.format(size - 1)} {conditions}"
    done = execute(task(body, "quantinuum.sim.h2-1e", {"shots": 20, **NOISELESS[noise]}))

    assert isinstance(done, Completed), done
    shots = json.loads(done.output)
    expected = "".join(str(int(compare(value, other))) for other in reversed(others))
    right = [
        answer
        for answer, wide in zip(shots["answer"], shots["wide"], strict=True)
        if int(wide, 2) == value
    ]
    assert set(right) == {expected}


@pytest.mark.parametrize("size", [1, 2, 33, 65])
@pytest.mark.parametrize("factor", [1, 2, 2**32, 2**64])
@pytest.mark.parametrize("noise", [True, False], ids=["noisy", "noiseless"])
def test_no_register_equals_a_number_that_does_not_fit(
    size: int, factor: int, *, noise: bool
) -> None:
    """Neither a register of zeros does, whose lower bits are those of the number."""
    beyond = 2**size * factor
    body = f"creg wide[{size}]; if(wide=={beyond}) x q[1]; if(wide!={beyond}) x q[0]; measure q->a;"
    done = execute(task(body, "quantinuum.sim.h2-1e", {"shots": 20, **NOISELESS[noise]}))

    assert isinstance(done, Completed), done
    assert json.loads(done.output)["a"].count("01") > 17


@pytest.mark.parametrize("size", [3, 33, 65, 130])
def test_assignments_compute_with_all_bits(size: int) -> None:
    """Whole registers are as right as single bits, whatever their size."""
    ones = 2**size - 1
    body = (
        f"creg k[{size}]; creg l[{size}]; creg m[{size}]; "
        f"k = {ones - 1}; l = ~k; m = k ^ {ones} | l & 1; k[{size - 1}] = l[0] & ~m[0]; l = l | 4;"
    )
    found = registers(body)
    assert int(found["k"], 2) == (ones - 1) & ~(1 << size - 1)
    assert int(found["m"], 2) == 1
    assert int(found["l"], 2) == 5


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("if(b==1) if(c==0)", True),
        ("if(b==1) if(c==1)", False),
        ("if(b>=2) if(c==0)", False),
        ("if(b>=1) if(c<=0)", True),
        ("if(b[0]==1) if(b[1]==1)", False),
        ("if(b!=0) if(b<2) if(c<1)", True),
        ("if(b<9) if(b>=9)", False),
        ("if(b>=9) if(b<9)", False),
    ],
)
def test_a_condition_may_be_under_another(condition: str, holds: bool) -> None:
    """What is done is done where all of them hold, and what follows in any case."""
    body = f"{ONE} {condition} x q[1]; {condition} a = 2; measure q[1] -> c[0]; c[2] = 1;"
    assert registers(body) == {
        "a": "10" if holds else "00",
        "b": "01",
        "c": "101" if holds else "100",
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
        ("if(d==1) if(b==1) x q[0];", "d"),
        ("if(b[5]==1) x q[0];", "bit 5"),
        ("if(b>=1) nothing q[0];", "nothing"),
    ],
)
def test_what_is_not_known_fails_the_job_with_a_reason(body: str, message: str) -> None:
    """The message names what the program has that is not there."""
    done = outcome(body)
    assert isinstance(done, JobError)
    assert done.code == "InvalidInputData"
    assert message in done.message
