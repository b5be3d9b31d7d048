"""QIR of callers is checked before it is run, and read as far as it does not branch."""

from __future__ import annotations

import pytest
from qiskit import QuantumCircuit

from qjobs.adapters.qiskit_algorithms import lower
from qjobs.methods.program_reading import document
from qjobs.methods.qir_program import read
from tests.hostile_programs import NAMED_QIR, qir


@pytest.mark.parametrize("name", NAMED_QIR)
def test_hostile_programs_are_refused_by_name(name: str) -> None:
    """What is wrong is said, and what is allowed."""
    source, words = NAMED_QIR[name]

    refused = document("QIR", source)["refused"]

    assert words.casefold() in refused.casefold()
    assert len(refused) < 250


def test_what_circuits_are_lowered_to_is_read_back() -> None:
    """Gates, angles, qubits and results are those of the circuit; depth is Qiskit's."""
    circuit = QuantumCircuit(3, 2)
    circuit.h(0)
    circuit.sdg(1)
    circuit.rzz(0.25, 0, 2)
    circuit.ccx(0, 1, 2)
    circuit.measure([2, 0], [0, 1])

    found = read(lower(circuit).text)

    assert [(step.name, [*step.angles], [*step.qubits]) for step in found.steps] == [
        ("h", [], [0]),
        ("sdg", [], [1]),
        ("rzz", [0.25], [0, 2]),
        ("ccx", [], [0, 1, 2]),
        ("measure", [], [2]),
        ("measure", [], [0]),
    ]
    assert found.outputs == [1, 0]
    assert found.depth == circuit.depth()
    assert dict(found.gates) == dict(circuit.count_ops())


def test_blocks_one_after_the_other_do_not_branch() -> None:
    """They are read in the order in which they run, wherever they stand."""
    rotation = "  call void @__quantum__qis__rx__body(double 0.5, %Qubit* null)\n"
    gate = "  call void @__quantum__qis__h__body(%Qubit* null)\n"
    text = qir(
        f"  br label %second\nfirst:\n{rotation}  br label %third\n"
        f"second:\n{gate}  br label %first\nthird:"
    )

    assert [step.name for step in read(text).steps] == ["h", "h", "rx", "measure"]


@pytest.mark.parametrize("name", ["main", "ENTRYPOINT__main", '"my program"', "Ü$.1"])
def test_the_entry_point_is_named(name: str) -> None:
    """As LLVM knows it, quoted in the text or not: a job at the workspace names what it runs."""
    quoted = name if name.isascii() else f'"{name}"'
    text = qir("").replace("@main", f"@{quoted}")

    found = document("QIR", text)

    assert found["entryPoint"] == name.strip('"')


def test_registers_are_the_arrays_of_the_output() -> None:
    """By their labels; what is in no array is one register."""
    assert document("QIR", qir())["registers"] == [["results", 1]]
