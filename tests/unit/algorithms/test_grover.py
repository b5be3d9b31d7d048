"""Grover's search reads solutions as often as theory says, and says when it shows nothing."""

from __future__ import annotations

import random
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator

from algorithms.grover.algorithm import algorithm
from algorithms.grover.amplification import Amplification
from algorithms.grover.oracle import append_oracle, exclusive_sum
from qjobs.adapters.qir import BASIS
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from qjobs.domain.target_facts import TargetFacts
from qjobs.methods.controlled import two_qubit_gates
from tests.unit.algorithms.aer import circuits_of, complete, finished, first_step
from tests.unit.algorithms.generic_noise import HARDWARE, NOISELESS, NOISY, complete_noisily

SEEDS = range(1, 6)
# The public instances, with their solutions; bit i - 1 of a solution is variable i.
THREE = [[1, 2, 3], [-1, 2, 3], [-1, 2, -3], [1, -2, -3], [-1, -2, -3], [1, 2, -3]]
FOUR = [
    *([1, 3, -4], [-1, -3, 4], [1, 2, -4], [1, 2, 3], [-1, 2, 3], [1, -3, 4], [1, -2, 4]),
    *([1, 2, 3], [1, -2, -3], [1, 2, -4], [-2, -3, 4], [1, 2, 3]),
]
FIVE = [
    *([1, 2, -3], [-2, -4, -5], [3, 4, 5], [2, 3, -4], [1, 2, -3], [-2, -3, -4], [-2, -3, -4]),
    *([2, 4, 5], [1, -2, 4], [-2, 3, 4], [1, 3, -5], [1, -2, 5], [2, 3, -5], [-1, 2, -4]),
    *([-1, -4, -5], [2, 4, -5], [-1, 2, 5], [1, 3, -5]),
]


def asked(given: JSONObject, target: TargetFacts | None = NOISELESS, shots: int = 1000) -> Inputs:
    """Return what the engine passes."""
    return Inputs(given, shots, target=target)


def table(solutions: Any, variables: int) -> str:  # noqa: ANN401 - any container
    """Return the truth table of *solutions*."""
    return "".join("1" if number in solutions else "0" for number in range(1 << variables))


def random_solutions(variables: int, seed: int, most: float) -> list[int]:
    """Return some assignments, at most the share *most* of all."""
    chance, every = random.Random(seed), 1 << variables
    return sorted(chance.sample(range(every), chance.randint(1, max(1, int(most * every)))))


@given(
    st.integers(1, 5).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 2 ** (1 << n) - 1)))
)
def test_an_exclusive_sum_is_its_truth_table(drawn: tuple[int, int]) -> None:
    """An odd number of products holds at the solutions and nowhere else."""
    variables, number = drawn
    solutions = {v for v in range(1 << variables) if number >> v & 1}

    products = exclusive_sum(solutions, variables)

    holding = {
        v
        for v in range(1 << variables)
        if sum(all((v >> i & 1) == true for i, true in one) for one in products) % 2
    }
    assert holding == solutions


@pytest.mark.parametrize("seed", SEEDS)
def test_the_oracle_changes_the_sign_of_the_solutions(seed: int) -> None:
    """Its matrix is diagonal, -1 at the solutions where the last qubit is one, else 1."""
    solutions = random_solutions(3, seed, 1)
    circuit = QuantumCircuit(5)
    append_oracle(circuit, exclusive_sum(solutions, 3), [3], [4])

    signs = [-1 if v >= 8 and v - 8 in solutions else 1 for v in range(16)]
    assert np.allclose(Operator(circuit).data[:16, :16], np.diag(signs))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variables", range(3, 9))
def test_solutions_are_read_as_often_as_theory_says(variables: int, seed: int) -> None:
    """The share is at least 0.99 of theory, which is 0.995 at least.

    At 0.995, 1,000 shots give less by chance once in 4,000 series.
    """
    solutions = random_solutions(variables, seed, 0.2)
    result = complete(algorithm, asked({"truthTable": table(solutions, variables)}), count(seed))

    assert result["share"]["theory"] >= 0.995
    assert result["share"]["value"] >= 0.99 * result["share"]["theory"]
    assert result["amplified"] == "Shown"
    number = sum(value << place for place, value in enumerate(result["assignment"]))
    assert number in solutions
    assert result["verified"]["status"] == "Verified"


@pytest.mark.parametrize(
    ("variables", "clauses", "solutions", "iterations"),
    [(3, THREE, {2, 3}, 1), (4, FOUR, {3, 11, 13, 15}, 1), (5, FIVE, {7, 11, 23}, 2)],
)
def test_the_public_instances(
    variables: int, clauses: list[list[int]], solutions: set[int], iterations: int
) -> None:
    """All their solutions are read, in the published number of iterations."""
    given = {"variables": variables, "clauses": clauses}
    result = complete(algorithm, asked(given), count(1))

    assert result["solutions"] == len(solutions)
    assert result["amplification"] == {"kind": "Plain", "iterations": iterations}
    assert {one["number"] for one in result["readings"] if one["solution"]} == solutions
    assert result["share"]["value"] >= 0.99


@pytest.mark.parametrize(
    ("truth_table", "outcome", "kind", "share"),
    [
        ("00000000", "NoSolution", "None", 0.0),
        ("11111111", "Found", "None", 1.0),
        ("00001111", "Found", "Diluted", 1.0),
        ("01", "Found", "Diluted", 1.0),
        ("10111111", "Found", "Diluted", 1.0),
        ("0110100110010110", "Found", "Diluted", 1.0),
    ],
)
def test_no_half_most_and_all_assignments(
    truth_table: str, outcome: str, kind: str, share: float
) -> None:
    """Nothing to find takes no circuit; where the plain search fails, solutions are sure."""
    result = complete(algorithm, asked({"truthTable": truth_table}), count(1))

    assert (result["outcome"], result["amplification"]["kind"]) == (outcome, kind)
    assert result["share"] == {"value": share, "theory": share}
    assert result["baseline"]["value"] == truth_table.count("1") / len(truth_table)
    assert ("No circuit" in result["explanation"]) == (kind == "None")
    assert ("assignment" in result) == (outcome == "Found")


@pytest.mark.parametrize("variables", range(1, 9))
def test_every_number_of_solutions_has_a_good_amplification(variables: int) -> None:
    """In theory a solution is read with probability 0.995 at least, 0.9 where gates are noisy."""
    every = 1 << variables
    for solutions in range(1, every):
        assert Amplification.of(solutions, every, noisy=False).probability >= 0.995
        assert Amplification.of(solutions, every, noisy=True).probability >= 0.9


@pytest.mark.parametrize(
    ("given", "pointer", "words"),
    [
        ({}, "/input", "either"),
        ({"clauses": [[1]], "truthTable": "01"}, "/input/truthTable", "either"),
        ({"truthTable": "011"}, "/input/truthTable", "3 values"),
        ({"truthTable": "0110", "variables": 3}, "/input/truthTable", "8 values, not 4"),
        ({"clauses": [[1, 0]]}, "/input/clauses/0/1", "0 is no literal"),
        ({"clauses": [[1], [2, -3]], "variables": 2}, "/input/clauses/1/1", "from 1 to 2"),
    ],
)
def test_what_is_no_condition_is_refused(given: JSONObject, pointer: str, words: str) -> None:
    """The member is named, with what is wrong."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(asked(given))

    assert [one.pointer for one in refused.value.violations] == [pointer]


@pytest.mark.parametrize("target", [NOISY, HARDWARE, None])
def test_what_noise_would_drown_is_refused(target: TargetFacts | None) -> None:
    """Six variables are accepted off noiseless simulators, seven are refused with the figure."""
    first_step(algorithm, asked({"truthTable": table({9}, 6)}, target))
    with pytest.raises(InputRejectedError, match="at most 6"):
        algorithm.start(asked({"truthTable": table({9}, 7)}, target))


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_lowers_the_share_and_the_result_says_so(seed: int) -> None:
    """With noise the share is above chance and below theory, and the assignment is a solution."""
    given = {"variables": 4, "clauses": FOUR}
    result = complete_noisily(algorithm, asked(given, NOISY), count(seed))

    assert 0.6 < result["share"]["value"] < 0.95
    assert result["amplified"] == "Shown"
    assert "errors of the device" in result["explanation"]
    assert result["uncertainty"]["upper"] < result["share"]["theory"]
    assert result["verified"]["status"] == "Verified"


def test_chance_is_not_called_amplification() -> None:
    """Of uniform readings, a solution is verified, but the search is not shown."""
    counts = Counts({f"{v:04b}": 60 + v for v in range(16)})
    result = finished(algorithm.resume(asked({"truthTable": table({3, 9}, 4)}), {}, [counts]))

    assert (result["outcome"], result["amplified"]) == ("Found", "NotShown")
    assert "by chance" in result["explanation"]


def test_readings_without_a_solution_are_not_verified() -> None:
    """Nothing is found, and the reason tells how many were tried."""
    counts = Counts({"0000": 10, "0001": 3})
    result = finished(algorithm.resume(asked({"truthTable": table({3, 9}, 4)}), {}, [counts]))

    assert (result["outcome"], result["verified"]["status"]) == ("NotFound", "NotVerified")
    assert "assignment" not in result
    assert "2 assignments" in result["verified"]["reason"]
    assert ET.fromstring(result["svg"]).tag.endswith("svg")


def test_the_circuits_are_small() -> None:
    """One of 256 takes at most 864 gates on two qubits, and any table at most 10 qubits."""
    circuit = circuits_of(first_step(algorithm, asked({"truthTable": table({77}, 8)})))[0]
    lowered = transpile(circuit, basis_gates=list(BASIS), optimization_level=0)
    assert two_qubit_gates(dict(lowered.count_ops())) <= 864

    parity = table([v for v in range(256) if v.bit_count() % 2], 8)
    half = circuits_of(first_step(algorithm, asked({"truthTable": parity})))[0]
    assert max(circuit.num_qubits, half.num_qubits) == 10
