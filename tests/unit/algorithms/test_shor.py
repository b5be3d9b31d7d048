"""Numbers are factored, and order finding is called shown only where the readings show it."""

from __future__ import annotations

import random
from itertools import count
from math import gcd

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from algorithms.shor.algorithm import algorithm
from algorithms.shor.circuit import counting_qubits, order_circuit
from algorithms.shor.numbers import bases, factors, order, order_of_reading
from algorithms.shor.peaks import Peaks, distribution, random_success
from algorithms.shor.permutation import synthesised
from qjobs.domain.algorithm import Counts, Execute, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from qjobs.domain.target_facts import TargetFacts
from tests.unit.algorithms.aer import circuits_of, complete, finished, first_step
from tests.unit.algorithms.generic_noise import HARDWARE, NOISELESS, NOISY, complete_noisily

SEEDS = range(1, 6)
FACTORS = {15: [3, 5], 21: [3, 7], 33: [3, 11], 35: [5, 7]}


def asked(
    given: JSONObject, target: TargetFacts | None = NOISELESS, seed: int | None = 1
) -> Inputs:
    """Return what the engine passes."""
    return Inputs(given, 1000, seed, target)


def drawn(bits: int, power: int, seed: int, noise: float = 0.0) -> Counts:
    """Return 1,000 readings for an order, a share of which is uniform noise."""
    ideal = np.array(list(distribution(bits, power).values()))
    shares = (1 - noise) * ideal / ideal.sum() + noise / len(ideal)
    found = np.random.default_rng(seed).multinomial(1000, shares)
    return Counts({f"{v:0{bits}b}": int(n) for v, n in enumerate(found) if n})


@settings(max_examples=30)
@given(st.integers(1, 4).flatmap(lambda n: st.permutations(range(1 << n))))
def test_gates_are_their_permutation(table: list[int]) -> None:
    """The gates that are synthesised move every value to its image."""
    gates = synthesised(tuple(table), (len(table) - 1).bit_length())

    for value, image in enumerate(table):
        for conditions, flipped in gates:
            value ^= (value & conditions == conditions) << flipped  # noqa: PLW2901 - the register is what the loop changes
        assert value == image


@pytest.mark.parametrize(("number", "base"), [(15, 2), (15, 7), (15, 8), (15, 13), (21, 2)])
def test_the_circuit_has_the_distribution_of_its_order(number: int, base: int) -> None:
    """In the exact state, every reading is as probable as theory says of the order."""
    circuit = order_circuit(number, base)
    bits = counting_qubits(number)
    digits = [
        circuit.find_bit(step.qubits[0]).index for step in circuit.get_instructions("measure")
    ]
    state = Statevector(circuit.remove_final_measurements(inplace=False))

    expected = list(distribution(bits, order(base, number)).values())
    assert np.allclose(state.probabilities(digits), expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "given", [{"number": 15}, {"number": 21}, {"number": 35, "base": 8}], ids=str
)
def test_numbers_are_factored_and_peaks_are_shown(given: JSONObject, seed: int) -> None:
    """Whatever base the seed draws; random readings have as many at the peaks once in 1,000."""
    result = complete(algorithm, asked(given, seed=seed), count(seed))

    assert result["factors"] == FACTORS[given["number"]] == result["comparison"]["value"]
    peaks = result["orderFinding"]["peaks"]
    assert peaks["outcome"] == "Shown"
    assert abs(peaks["share"] - peaks["theory"]) < 0.06  # four standard deviations
    assert result["success"]["share"] > 0.55 > 5 * result["baseline"]["value"]
    assert result["verified"]["status"] == "Verified"


def test_the_longest_circuit_is_right() -> None:
    """The base 2 of 35 has the order 12, whose peaks are between the readings."""
    result = complete(algorithm, asked({"number": 35, "base": 2}), count(1))

    assert result["factors"] == [5, 7]
    assert result["bases"] == [{"base": 2, "order": 12, "outcome": "Factors"}]
    peaks = result["orderFinding"]["peaks"]
    assert abs(peaks["share"] - peaks["theory"]) < 0.06
    assert peaks["outcome"] == "Shown"


@pytest.mark.parametrize(
    ("device", "seed"), [*(("generic", seed) for seed in SEEDS), ("aria-1", 1)]
)
def test_fifteen_is_factored_with_noise(device: str, seed: int) -> None:
    """At published error rates the peaks of 15 are lower than in theory, and shown."""
    inputs = Inputs({"number": 15}, 100, seed, NOISY)
    result = complete_noisily(algorithm, inputs, count(seed), device)

    peaks = result["orderFinding"]["peaks"]
    assert result["factors"] == [3, 5]
    assert peaks["outcome"] == "Shown"
    assert peaks["share"] < peaks["theory"]


@pytest.mark.parametrize("seed", SEEDS)
def test_luck_is_not_called_order_finding(seed: int) -> None:
    """Uniform readings lead to the factors as well; they are verified, the peaks are not shown."""
    inputs = asked({"number": 21, "base": 2})
    result = finished(algorithm.resume(inputs, {"tried": []}, [drawn(7, 6, seed, noise=1.0)]))

    assert result["factors"] == [3, 7]
    assert result["verified"]["status"] == "Verified"
    assert result["orderFinding"]["peaks"]["outcome"] == "NotShown"
    assert "random readings" in result["explanation"]
    assert result["success"]["share"] < 3 * result["baseline"]["value"]


def test_a_base_without_factors_is_followed_by_another() -> None:
    """Odd orders and roots of -1 are told, the result so far is kept, and the next base runs."""
    seed = next(s for s in range(100) if bases(21, s)[0] == 5 and bases(21, s)[1] == 4)
    inputs = asked({"number": 21}, seed=seed)

    first = algorithm.resume(inputs, first_step(algorithm, inputs).state, [drawn(7, 6, 1)])
    assert isinstance(first, Execute)
    assert first.best is not None
    assert first.best["bases"] == [{"base": 5, "order": 6, "outcome": "TrivialRoot"}]
    assert (first.best["outcome"], first.best["verified"]["status"]) == (
        "NotFactored",
        "NotVerified",
    )
    second = algorithm.resume(inputs, first.state, [drawn(7, 3, 1)])
    assert isinstance(second, Execute)
    assert second.best is not None
    assert [one["outcome"] for one in second.best["bases"]] == ["TrivialRoot", "OddOrder"]
    assert circuits_of(second)[0] == order_circuit(21, bases(21, seed)[2])


def test_bases_come_to_an_end() -> None:
    """Readings that tell no order are followed by as many bases as there are, at most five."""
    for number, steps in ((15, 4), (21, 5)):
        bits, inputs = counting_qubits(number), asked({"number": number})
        step: Execute = first_step(algorithm, inputs)
        for _ in range(steps - 1):
            following = algorithm.resume(inputs, step.state, [Counts({"0" * bits: 1000})])
            assert isinstance(following, Execute)
            step = following
        result = finished(algorithm.resume(inputs, step.state, [Counts({"0" * bits: 1000})]))

        assert result["outcome"] == "NotFactored"
        assert [one["outcome"] for one in result["bases"]] == ["NoOrder"] * steps
        assert "factors" not in result


def test_a_base_of_the_caller_is_the_only_one() -> None:
    """One whose order gives no factors ends the job, with the reason."""
    inputs = asked({"number": 21, "base": 5})
    result = finished(algorithm.resume(inputs, {"tried": []}, [drawn(7, 6, 1)]))

    assert result["outcome"] == "NotFactored"
    assert "5^3 is -1 modulo 21" in result["explanation"]
    assert result["orderFinding"]["peaks"]["outcome"] == "Shown"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *((2, "prime"), (4, "even"), (6, "even"), (9, "power of the prime number 3")),
        *((13, "prime"), (16, "even"), (17, "prime"), (25, "power of the prime number 5")),
        *((27, "power of the prime number 3"), (31, "prime"), (34, "even"), (37, "prime")),
        *((39, "at most 35"), (45, "at most 35"), (999_983, "prime"), (1_000_000, "even")),
        (994_009, "power of the prime number 997"),
    ],
)
def test_numbers_without_a_use_are_refused_by_name(number: int, words: str) -> None:
    """Even numbers, primes, their powers and what is too large are told apart."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(asked({"number": number}))

    assert [one.pointer for one in refused.value.violations] == ["/input/number"]


@pytest.mark.parametrize("target", [NOISY, HARDWARE, None])
@pytest.mark.parametrize("given", [{"number": 21}, {"number": 35, "base": 8}], ids=str)
def test_large_circuits_are_refused_with_their_gates(
    given: JSONObject, target: TargetFacts | None
) -> None:
    """Off noiseless simulators 15 is accepted, 21 and 35 are refused, whatever the base."""
    assert len(circuits_of(first_step(algorithm, asked({"number": 15}, target)))) == 1
    with pytest.raises(InputRejectedError, match=r"[12],\d{3} gates on two qubits .* at most 200"):
        algorithm.start(asked(given, target))


@pytest.mark.parametrize(
    ("number", "base", "words"),
    [
        *((15, 6, "factor in common"), (15, 4, "squared is 1"), (15, 14, "squared is 1")),
        *((15, 15, "between 2 and 14"), (15, 30, "between 2 and 14"), (35, 6, "squared is 1")),
    ],
)
def test_bases_that_need_no_order_are_refused(number: int, base: int, words: str) -> None:
    """They give the factors, or none, without a quantum computer."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(asked({"number": number, "base": base}))

    assert [one.pointer for one in refused.value.violations] == ["/input/base"]


@pytest.mark.parametrize("number", FACTORS)
def test_every_reading_tells_the_order_or_none(number: int) -> None:
    """For all bases: an order is the smallest power that is 1; few random readings tell one."""
    bits = counting_qubits(number)
    for base in bases(number, 1):
        assert gcd(base, number) == 1
        exact = order(base, number)
        told = {order_of_reading(reading, bits, base, number) for reading in range(1 << bits)}
        assert told == {exact, None}
        assert factors(base, exact, number) in (None, tuple(FACTORS[number]))
        assert random_success(bits, base, number) < 0.1


@settings(max_examples=20)
@given(st.integers(2, 12), st.integers(5, 8))
def test_distributions_add_up(power: int, bits: int) -> None:
    """All readings together have the probability 1, and theory is far above chance."""
    assert sum(distribution(bits, power).values()) == pytest.approx(1)
    peaks = Peaks.of(Counts({"0" * bits: 1}), bits, power)
    assert peaks.theory > 0.6 > peaks.chance or peaks.chance > 0.3


def test_the_peaks_are_rarely_shown_by_chance() -> None:
    """Of 2,000 series of random readings at most 8 pass, where 2 are expected."""
    chance = random.Random(3)
    shown = 0
    for _ in range(2000):
        hits = sum(chance.random() < 6 / 128 for _ in range(100))
        shown += Peaks(frozenset(), hits, 100, 0.8, 6 / 128).shown

    assert shown <= 8
