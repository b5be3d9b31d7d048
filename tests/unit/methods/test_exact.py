"""Exact distributions are Qiskit's, and readings are judged as often right as is said."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qjobs.adapters.qiskit_algorithms import lower
from qjobs.methods.exact import (
    LEVEL,
    MOST_QUBITS,
    NotComparedError,
    agreement,
    check_comparable,
    exact_distribution,
)
from qjobs.methods.qir_instructions import Step
from qjobs.methods.qir_program import read


def drawn(
    chance: np.random.Generator, probabilities: dict[str, float], shots: int
) -> dict[str, int]:
    """Return readings of a distribution."""
    numbers = chance.multinomial(shots, [*probabilities.values()])
    return {one: int(number) for one, number in zip(probabilities, numbers, strict=True) if number}


def test_the_distribution_is_that_of_the_state() -> None:
    """Of the results that are given out, in their order, whatever qubits they are read from."""
    circuit = QuantumCircuit(4, 3)
    circuit.ry(0.8, 0)
    circuit.cx(0, 3)
    circuit.rx(1.1, 2)
    circuit.rzz(0.4, 2, 3)
    circuit.h(2)
    circuit.measure([3, 0, 2], [0, 1, 2])
    found = read(lower(circuit).text)

    state = Statevector(circuit.remove_final_measurements(inplace=False))
    expected = state.probabilities_dict(qargs=[3, 0, 2])

    exact = exact_distribution(found.steps, found.outputs)
    assert exact == pytest.approx({k: v for k, v in expected.items() if v > 1e-9}, abs=1e-12)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (None, "depends on what it measures"),
        ([Step("measure", [], [0], [0]), Step("x", [], [0])], "goes on after a measurement"),
        ([Step("reset", [], [0])], "resets"),
        ([Step("h", [], [n]) for n in range(MOST_QUBITS + 1)], "15 qubits"),
        ([Step("h", [], [n % MOST_QUBITS]) for n in range(2000)], "too many gates"),
    ],
)
def test_what_is_not_compared_says_why(steps: list[Step] | None, reason: str) -> None:
    """Programs that branch, go on after a measurement or are large have no distribution here."""
    with pytest.raises(NotComparedError, match=reason):
        check_comparable(steps)


@pytest.mark.parametrize(
    "probabilities",
    [
        {"00": 0.5, "11": 0.5},
        {"0": 0.999, "1": 0.001},
        {f"{n:05b}": 1 / 32 for n in range(32)},
        {"000": 0.7, "001": 0.2, "010": 0.097, "011": 0.001, "100": 0.002},
    ],
)
def test_good_readings_are_rarely_taken_for_bad_ones(probabilities: dict[str, float]) -> None:
    """At most at the level of the test, with room for four standard deviations of 4,000 runs."""
    chance = np.random.default_rng(5)
    bad = sum(
        not agreement(drawn(chance, probabilities, 1000), probabilities).holds for _ in range(4000)
    )

    assert bad <= 4000 * LEVEL + 4 * np.sqrt(4000 * LEVEL)


@pytest.mark.parametrize("rest", ["01", "111"])
def test_bad_readings_do_not_hold(rest: str) -> None:
    """Impossible ones refute at once, and too many rare ones do."""
    assert not agreement({"00": 900, rest: 100}, {"00": 0.9999, "01": 0.0001}).holds


def test_too_few_readings_show_nothing() -> None:
    """Of many equally likely readings each is expected too rarely for a test."""
    probabilities = {f"{n:012b}": 2.0**-12 for n in range(2**12)}
    found = agreement(drawn(np.random.default_rng(1), probabilities, 1000), probabilities)

    assert found.p_value is None
    assert not found.holds


def test_the_expected_distance_is_that_of_good_readings() -> None:
    """Within a tenth, over 500 runs."""
    chance, probabilities = np.random.default_rng(2), {f"{n:03b}": 1 / 8 for n in range(8)}
    found = [agreement(drawn(chance, probabilities, 1000), probabilities) for _ in range(500)]

    mean = float(np.mean([one.distance for one in found]))
    assert mean == pytest.approx(found[0].expected_distance, rel=0.1)
