"""Parameters of gates that are no numbers, in every format: refused, and never simulated."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import JobError, ProgramError
from azure_quantum_emulator.execution import lowering, native
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Task
from azure_quantum_emulator.programs import angles
from emulator_support import qir_text as text

V2 = "microsoft.quantum-results.v2"
QIR = "qir.v1"
NAN, INFINITY = "0x7FF8000000000000", "0xFFF0000000000000"


def failure(
    source: bytes, target: str, input_format: str, output_format: str, **params: object
) -> str:
    """Return why a job fails."""
    failed = execute(Task(target, source, input_format, {"shots": 2, **params}, output_format))
    assert isinstance(failed, JobError), failed
    assert failed.code in {"QIRPreProcessingFailed", "InvalidInputData"}
    return failed.message


@pytest.mark.parametrize(
    "target", ["ionq.simulator", "local.sim.aer", "rigetti.qpu.cepheus-1-108q"]
)
@pytest.mark.parametrize("angle", [NAN, INFINITY])
@pytest.mark.parametrize("gate", ["rx", "rzz"])
def test_qir_has_no_angle_that_is_no_number(gate: str, angle: str, target: str) -> None:
    """LLVM can write every double, also those that are no numbers."""
    qubits = [text.qubit(q) for q in range(2 if gate == "rzz" else 1)]
    body = [text.call(f"{gate}__body", f"double {angle}", *qubits), text.measure(0, 0)]
    source = text.module([*body, *text.register(0)], qubits=2, results=1)

    assert "no number" in failure(source, target, QIR, V2)


@pytest.mark.parametrize("device", [True, False])
def test_nor_has_a_branch(*, device: bool) -> None:
    """A program is checked as a whole, also where it may never go."""
    body = [text.measure(0, 0), text.read("bit", 0), "br i1 %bit, label %then, label %end"]
    body += ["then:", text.call("rx__body", f"double {NAN}", text.qubit(0)), "br label %end"]
    source = text.module([*body, "end:", *text.register(0)], qubits=1, results=1)
    params: dict[str, Any] = {} if device else {"error-model": False}

    assert "no number" in failure(source, "quantinuum.sim.h2-1e", QIR, V2, **params)


@pytest.mark.parametrize(
    ("gate", "target"),
    [
        ("rx(1e999) q[0];", "quantinuum.sim.h2-1e"),
        ("rx(1e308*10) q[0];", "quantinuum.sim.h2-1sc"),
        ("gate g(a) q { rx(1e300*a) q; } g(1e300) q[0];", "quantinuum.sim.h2-1e"),
    ],
)
def test_openqasm_has_none(gate: str, target: str) -> None:
    """Constants may overflow, and so may sums of a gate's own parameters."""
    source = f'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; {gate}'
    found = failure(
        source.encode(), target, "honeywell.openqasm.v1", "honeywell.quantum-results.v1"
    )

    assert "no number" in found or "numeric overflow" in found


@pytest.mark.parametrize("expression", ["1e999", "10^400", "1e308*10", "1e999-1e999", "1/0", "i"])
@pytest.mark.parametrize("gate", ["RX({}) 0", "XY({}) 0 1", "DAGGER PSWAP({}) 0 1"])
def test_quil_has_none(gate: str, expression: str) -> None:
    """An expression may have no value, or one that is not real."""
    source = f"DECLARE ro BIT[1]\n{gate.format(expression)}\nMEASURE 0 ro[0]\n"
    found = failure(
        source.encode(), "rigetti.sim.qvm", "rigetti.quil.v1", "rigetti.quil-results.v1"
    )

    assert "a parameter is not a real number" in found or "has no value" in found


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, True, "1", None])
def test_nor_have_its_substitutions(value: object) -> None:
    """Numbers that come beside the program are checked like those in it."""
    found = failure(
        b"DECLARE ro BIT[1]\nDECLARE t REAL[1]\nRX(t) 0\nMEASURE 0 ro[0]\n",
        "rigetti.sim.qvm",
        "rigetti.quil.v1",
        "rigetti.quil-results.v1",
        substitutions={"t": [[value]]},
    )

    assert "t takes 1 numbers for each run" in found


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e999", "1" + "0" * 400, "true", '"1"'])
@pytest.mark.parametrize(
    "gate",
    [
        '{"gate": "rx", "target": 0, "rotation": %s}',
        '{"gate": "pauliexp", "targets": [0], "terms": ["X"], "coefficients": [%s], "time": 1}',
        '{"gate": "pauliexp", "targets": [0], "terms": ["X"], "coefficients": [1], "time": %s}',
    ],
)
def test_ionq_has_none(gate: str, value: str) -> None:
    """What is no number of JSON, no number of a computer, or of another type is refused."""
    source = f'{{"qubits": 1, "circuit": [{gate % value}]}}'
    found = failure(source.encode(), "ionq.simulator", "ionq.circuit.v1", "ionq.quantum-results.v1")

    assert "no number" in found or "out of range" in found or "not a number of JSON" in found


LARGEST = 1.7e308
PAULIS = {"gate": "pauliexp", "targets": [0, 1], "terms": ["XX"], "coefficients": [1], "time": 1}


@pytest.mark.parametrize("target", ["ionq.simulator", "ionq.qpu.forte-1"])
@pytest.mark.parametrize(
    "gate",
    [
        {"gate": "gpi", "target": 0, "phase": LARGEST},
        {"gate": "gpi2", "target": 0, "phase": LARGEST},
        {"gate": "ms", "targets": [0, 1], "phases": [LARGEST, 0], "angle": 0.25},
        {"gate": "ms", "targets": [0, 1], "phases": [0, 0], "angle": LARGEST},
        {"gate": "zz", "targets": [0, 1], "angle": LARGEST},
        PAULIS | {"coefficients": [LARGEST], "time": LARGEST},
        PAULIS | {"coefficients": [LARGEST], "time": 1},
        PAULIS | {"terms": ["XX", "YI"], "coefficients": [1, -LARGEST], "time": -2},
    ],
)
def test_nor_do_ionqs_formulas_make_one(gate: dict[str, object], target: str) -> None:
    """A number that is large enough is none after it is multiplied."""
    gateset = "qis" if gate["gate"] == "pauliexp" else "native"
    circuit = {"qubits": 2, "gateset": gateset, "circuit": [gate]}
    failure(json.dumps(circuit).encode(), target, "ionq.circuit.v1", "ionq.quantum-results.v1")


@pytest.mark.parametrize(
    ("value", "is_one"),
    [(1, True), (-1.5, True), (True, False), (1e400, False), (-(10**400), False), ("1", False)],
)
def test_a_number_fits_a_double(value: object, *, is_one: bool) -> None:
    """Truth values are none in JSON, although they are in Python."""
    assert angles.is_number(value) is is_one


def test_no_circuit_reaches_a_simulator_with_one() -> None:
    """Whatever a reader overlooks is found before circuits run, with noise and without."""
    inner = QuantumCircuit(1, name="inner")
    inner.rx(np.inf, 0)
    outer = QuantumCircuit(1, 1)
    outer.append(inner.to_gate(), [0])

    angles.check(outer)
    with pytest.raises(ProgramError, match="rx has a parameter that is no number"):
        lowering.lower(outer)
    branching = QuantumCircuit(1, 1)
    with branching.if_test((branching.clbits[0], 1)):
        branching.rx(np.inf, 0)
    with pytest.raises(ProgramError, match="no number"):
        angles.check(branching)
    with pytest.raises(Exception, match=r"(?i)nan|no number|infinite"):
        native.translate("generic", outer)


def test_a_large_angle_is_one() -> None:
    """Angles of many turns are what they are."""
    source = b'{"qubits": 1, "circuit": [{"gate": "rx", "target": 0, "rotation": 1e300}]}'
    done = execute(Task("ionq.simulator", source, "ionq.circuit.v1", {}, "ionq.quantum-results.v1"))

    assert not isinstance(done, JobError), done
    assert sum(json.loads(done.output)["histogram"].values()) == pytest.approx(1)
