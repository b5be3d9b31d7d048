"""What an algorithm may not do, and what its job says then."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qiskit_algorithms import QiskitAlgorithms, load
from qjobs.domain.algorithm import Execute, Finish, Inputs, Program, Progress
from qjobs.domain.errors import AlgorithmError, InputRejectedError
from qjobs.domain.plan import Plan
from tests.algorithm_folder import describe_algorithm

RESULT_SCHEMA = {
    "type": "object",
    "properties": {"bits": {"type": "string"}},
    "required": ["bits"],
    "additionalProperties": False,
}
INPUTS = Inputs({}, 10)

type Start = Callable[[Inputs], Execute | Finish]
type Install = Callable[[Start], QiskitAlgorithms]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what makes circuits of an algorithm that starts in the given way."""

    def installed(start: Start) -> QiskitAlgorithms:
        describe_algorithm(tmp_path / "probe", result_schema=RESULT_SCHEMA)
        module: Any = ModuleType("algorithms.probe.algorithm")
        members = {
            "start": staticmethod(start),
        }
        module.algorithm = type("Probe", (), members)()
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(sys.modules, "algorithms.probe", ModuleType("algorithms.probe"))
        load.cache_clear()
        return QiskitAlgorithms(FileCatalogue(tmp_path))

    return installed


def measured() -> QuantumCircuit:
    """Return a small circuit."""
    circuit = QuantumCircuit(1, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    return circuit


def test_circuits_are_lowered_and_results_passed_on(install: Install) -> None:
    """What an algorithm decides comes out as a plan or as it is."""
    plan = install(lambda _: Execute([measured()], {"n": 1})).start("probe", INPUTS)

    assert isinstance(plan, Plan)
    assert (len(plan.programs), plan.state) == (1, {"n": 1})


def test_all_that_a_step_says_is_in_its_plan(install: Install) -> None:
    """Shots of each circuit, progress in plain numbers, the best result, a program as it is."""
    program = Program("qir.v1", "; finished", 1)
    step = Execute(
        [measured(), program],
        shots=(10, 20),
        progress=Progress(steps=3, value=2, uncertainty=0.5, most=4),
        best={"bits": "1"},
    )
    plan = install(lambda _: step).start("probe", INPUTS)

    assert isinstance(plan, Plan)
    assert plan.shots == (10, 20)
    assert plan.progress == Progress(3, 2.0, 0.5, 4)
    assert plan.best == {"bits": "1"}
    assert plan.programs[1] is program


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Finish({"bits": 7}), "/bits: Must be of type string"),
        (Finish({"bits": "1", "extra": 1}), "/extra: Unknown member"),
        (Finish({}), "bits"),
        (Execute([measured()], shots=0), "shots has 0"),
        (Execute([measured()], shots=True), "shots has True"),
        (Execute([measured()], shots=[10, 10]), "2 numbers for 1 circuits"),
        (Execute([measured()], shots=2_000_000), "from 1 to 1000000"),
        (Execute([measured()], progress=Progress(steps=0)), "steps has 0"),
        (Execute([measured()], progress=Progress(value=float("inf"))), "value is inf"),
        (Execute([measured()], progress=Progress(most=0)), "most has 0"),
        (Execute([measured()], progress={"steps": 1}), "has to be a Progress"),  # type: ignore[arg-type]
        (Execute([measured()], best={"bits": 7}), "/bits: Must be of type string"),
        (Execute([Program("rigetti.quil.v1", "H 0", 3)]), "has 3 qubits; limits.qubits"),
        (Execute([Program("rigetti.quil.v1", "", 1)]), "needs a format, a text"),
        (Execute([Program("qir.v1", '"required_num_qubits"="9"', 1)]), "its text requires 9"),
        (Execute([measured(), Program("rigetti.quil.v1", "H 0", 1)]), "qir.v1 and rigetti.quil"),
        (Finish({"bits": float("nan")}), "result/bits is nan"),
        (Finish({"bits": np.int64(1)}), r"result/bits is numpy.int64: use int\(\)"),
        (Execute([]), "no circuit"),
        (Execute([measured()], {"n": np.float64("nan")}), "state/n is nan"),
        (Execute([measured()], {"n": np.zeros(2)}), "state/n is numpy.ndarray"),
        (
            Execute([measured(), QuantumCircuit(3, 1)]),
            "circuit 2 has 3 qubits; limits.qubits of algorithm.json is 2",
        ),
        (Execute([QuantumCircuit(1, 1)]), "0 of 1 classical bits are measured"),
    ],
)
def test_a_decision_that_cannot_be_used_fails_the_job(
    install: Install, decision: Execute | Finish, reason: str
) -> None:
    """A result beside its schema, or state that is no JSON, is the algorithm's fault, at once."""
    with pytest.raises(AlgorithmError, match=reason):
        install(lambda _: decision).start("probe", INPUTS)


def test_an_exception_in_an_algorithm_fails_the_job(install: Install) -> None:
    """Whatever an algorithm raises, the job fails and the reason names no inner thing."""

    def broken(_: Inputs) -> Finish:
        raise ZeroDivisionError("inner workings")

    with pytest.raises(AlgorithmError, match="ZeroDivisionError") as failed:
        install(broken).start("probe", INPUTS)

    assert "inner workings" not in failed.value.detail


def test_a_rejection_is_passed_on(install: Install) -> None:
    """What an algorithm says of its input is the caller's to read."""

    def reject(_: Inputs) -> Finish:
        raise InputRejectedError("Too long.")

    with pytest.raises(InputRejectedError, match="Too long"):
        install(reject).start("probe", INPUTS)
