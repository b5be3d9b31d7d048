"""The rules for what an algorithm returns, told in words of docs/algorithms.md."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from qiskit import QuantumCircuit

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qiskit_algorithms import QiskitAlgorithms, load, measurement_fault
from qjobs.domain.algorithm import Execute, Inputs
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.plan import Plan
from tests.algorithm_folder import describe_algorithm

RULE = "; every classical bit is measured once, at the end of a circuit."


def circuit(*steps: Callable[[QuantumCircuit], object]) -> QuantumCircuit:
    """Return a circuit of two qubits and two bits with these steps."""
    made = QuantumCircuit(2, 2)
    for step in steps:
        step(made)
    return made


def reads(qubit: int, bit: int) -> Callable[[QuantumCircuit], object]:
    """Return a step that measures."""
    return lambda made: made.measure(qubit, bit)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (circuit(), "0 of 2 classical bits are measured"),
        (QuantumCircuit(2), "0 of 0 classical bits are measured"),
        (circuit(reads(0, 0)), "1 of 2 classical bits are measured"),
        (circuit(reads(0, 0), reads(1, 0)), "a classical bit is measured twice"),
        (circuit(reads(0, 0), reads(0, 1)), "a qubit goes on after its measurement"),
        (circuit(reads(0, 0), lambda one: one.h(0)), "a qubit goes on after its measurement"),
        (circuit(reads(0, 0), lambda one: one.measure_all()), "a qubit goes on after"),
    ],
)
def test_a_circuit_that_breaks_the_rule_is_told_how(broken: QuantumCircuit, words: str) -> None:
    """No message of a compiler or a simulator stands for the rule."""
    fault = measurement_fault(broken)

    assert fault is not None
    assert fault.startswith(words)
    assert fault.endswith(RULE)


@pytest.mark.parametrize(
    "good",
    [
        circuit(lambda one: one.h(0), reads(0, 1), reads(1, 0)),
        circuit(reads(0, 0), lambda one: one.barrier(), lambda one: one.h(1), reads(1, 1)),
        circuit(lambda one: one.reset(0), reads(0, 0), reads(1, 1)),
    ],
)
def test_a_circuit_that_keeps_the_rule_passes(good: QuantumCircuit) -> None:
    """Other qubits may go on, and a barrier is nothing."""
    assert measurement_fault(good) is None


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "needs an object named algorithm with start and resume; it has no such object."),
        ({"algorithm": 3}, "with start and resume; it has none with start."),
        ({"algorithm": lambda _: 3}, "with start and resume; it has none with start."),
    ],
)
def test_a_file_without_an_algorithm_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, Any], words: str
) -> None:
    """The message has the file, and what is expected in it."""
    assert_fails(tmp_path, monkeypatch, members, words)


@pytest.mark.parametrize("returned", [3, None, [QuantumCircuit(1)]])
def test_what_a_method_returns_has_to_be_a_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, returned: object
) -> None:
    """The message has the file, and both that may be returned."""
    one = type("Probe", (), {"start": lambda *_: returned, "resume": lambda *_: returned})()

    kind = type(returned).__name__
    words = f"has to return Execute or Finish, not {kind}."
    assert_fails(tmp_path, monkeypatch, {"algorithm": one}, words)


def test_the_circuit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several circuits the message says which."""
    good, bad = circuit(reads(0, 0), reads(1, 1)), circuit()
    decision = Execute([good, bad], {})
    one = type("Probe", (), {"start": lambda *_: decision, "resume": lambda *_: decision})()

    words = f": circuit 2: 0 of 2 classical bits are measured{RULE}"
    assert_fails(tmp_path, monkeypatch, {"algorithm": one}, words)


def test_what_cannot_be_run_is_named_with_its_circuit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An author reads which instruction of which circuit it is, and where."""
    good = circuit(reads(0, 0), reads(1, 1))
    bad = circuit(lambda one: one.delay(1, 0), reads(0, 0), reads(1, 1))
    decision = Execute([good, bad], {})
    one = type("Probe", (), {"start": lambda *_: decision, "resume": lambda *_: decision})()

    words = ": circuit 2: `delay` cannot be run: a circuit has gates, barriers, resets and "
    assert_fails(tmp_path, monkeypatch, {"algorithm": one}, f"{words}measurements alone.")


def test_a_sub_circuit_may_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule is about what is measured, not about who put it there."""
    part = circuit(reads(0, 0), reads(1, 1)).to_instruction()
    decision = Execute([circuit(lambda one: one.append(part, [0, 1], [0, 1]))], {})
    one = type("Probe", (), {"start": lambda *_: decision, "resume": lambda *_: decision})()
    install(monkeypatch, {"algorithm": one})

    describe_algorithm(tmp_path / "probe")
    plan = QiskitAlgorithms(FileCatalogue(tmp_path)).start("probe", Inputs({}, 10))

    assert isinstance(plan, Plan)
    assert plan.qubits == 2


def install(monkeypatch: pytest.MonkeyPatch, members: dict[str, Any]) -> None:
    """Put a module with these members where the algorithm `probe` is looked for."""
    module = ModuleType("algorithms.probe.algorithm")
    vars(module).update(members)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(sys.modules, "algorithms.probe", ModuleType("algorithms.probe"))
    load.cache_clear()


def assert_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, Any], words: str
) -> None:
    """Run the algorithm of a module with these members; it has to fail with these words.

    Raises:
        AssertionError: it did not.

    """
    install(monkeypatch, members)
    describe_algorithm(folder / "probe")
    with pytest.raises(AlgorithmError) as failed:
        QiskitAlgorithms(FileCatalogue(folder)).start("probe", Inputs({}, 10))
    assert failed.value.detail.startswith("algorithms/probe/algorithm.py")
    assert failed.value.detail.endswith(words)
