"""Callers' QIR gives the counts of Aer, and is refused where it is no program of a profile."""

from __future__ import annotations

import pytest
from qiskit import transpile
from qiskit_aer import AerSimulator

from algorithms.qir.algorithm import algorithm
from qjobs.adapters.qir import BASIS
from qjobs.adapters.qiskit_algorithms import lower
from qjobs.domain.algorithm import Counts, Program
from qjobs.domain.errors import InputRejectedError
from qjobs.methods.exact import agreement, exact_distribution
from qjobs.methods.program_reading import document
from qjobs.methods.qir_instructions import Step
from tests.hostile_programs import qir
from tests.unit.algorithms.emulator import Started, asked, read
from tests.unit.algorithms.test_openqasm import LEAST_P, p_value, random_program


@pytest.mark.parametrize("part", range(4))
def test_counts_are_aers(part: int) -> None:
    """Of 100 random programs, 1,000 shots each, with confidence 0.9999 for all together."""
    simulator = AerSimulator(max_parallel_threads=1)
    for number in range(25 * part, 25 * part + 25):
        circuit = transpile(random_program(500 + number), basis_gates=BASIS, optimization_level=0)
        found = document("QIR", lower(circuit).text)
        assert "refused" not in found, found
        program = Program("qir.v1", found["text"], found["qubits"])
        counts = simulator.run(circuit, shots=1000, seed_simulator=number).result().get_counts()
        joined = Counts({k.replace(" ", ""): n for k, n in counts.items()})

        drawn = read(program, 1000, number + 1)

        assert p_value(drawn, joined) > LEAST_P
        if "reset" not in found["gates"] and len(circuit.qubits) == circuit.count_ops()["measure"]:
            exact = exact_distribution([Step(*one) for one in found["steps"]], found["outputs"])
            assert (agreement(drawn.readings, exact).p_value or 1.0) > LEAST_P


def test_a_coin_is_verified() -> None:
    """With its exact probability beside it; bits that are in no array are one register."""
    found = Started.of(algorithm, qir()).result(1)

    assert found["verified"]["status"] == "Verified"
    assert found["registers"] == [{"name": "results", "bits": 1}]
    assert found["comparison"]["value"] == pytest.approx(0.5)


def test_the_text_is_run_as_it_is() -> None:
    """Not a byte is changed."""
    assert Started.of(algorithm, qir()).program.text == qir()


def test_openqasm_is_no_qir() -> None:
    """The refusal says what was expected."""
    with pytest.raises(InputRejectedError, match="not LLVM's text"):
        algorithm.start(asked("OPENQASM 3.0;"))
