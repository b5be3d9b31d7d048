"""Phases are measured as exactly as announced, on both sides of the end of the circle."""

from __future__ import annotations

import random
from itertools import count
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from algorithms.phase_estimation.algorithm import algorithm
from algorithms.phase_estimation.circuits import hadamard_tests, textbook_circuit
from algorithms.phase_estimation.report import difference_of
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from qjobs.domain.target_facts import TargetFacts
from tests.unit.algorithms.aer import circuits_of, complete, finished, first_step
from tests.unit.algorithms.generic_noise import HARDWARE, NOISELESS, NOISY, complete_noisily

SEEDS = range(1, 6)
phases = st.floats(0, 1, exclude_max=True)


def asked(
    phase: float, bits: int, method: str = "Robust", target: TargetFacts | None = NOISELESS
) -> Inputs:
    """Return what the engine passes."""
    return Inputs({"phase": phase, "bits": bits, "method": method}, 1000, target=target)


def drawn(seed: int) -> float:
    """Return a random phase."""
    return random.Random(seed).random()


def readings_of(
    phase: float, bits: int, contrast: float, seed: int, shots: int = 1000
) -> list[Counts]:
    """Return readings of Hadamard tests with noise that lowers their contrast."""
    chance = np.random.default_rng(seed)
    outcomes = []
    for power in range(bits):
        angle = 2 * pi * phase * (1 << power)
        for value in (cos(angle), sin(angle)):
            zeros = int(chance.binomial(shots, (1 + contrast * value) / 2))
            outcomes.append(Counts({"0": zeros, "1": shots - zeros}))
    return outcomes


@settings(max_examples=15)
@given(phases, st.integers(0, 4))
def test_hadamard_tests_have_the_cosine_and_the_sine(phase: float, power: int) -> None:
    """In the exact state, zeros less ones are those of 2^power times the phase."""
    pair = hadamard_tests(phase, power + 1)[-2:]
    for circuit, function in zip(pair, (cos, sin), strict=True):
        state = Statevector(circuit.remove_final_measurements(inplace=False))
        zero, one = state.probabilities([0])
        assert zero - one == pytest.approx(function(2 * pi * phase * (1 << power)), abs=1e-6)


@pytest.mark.parametrize("bits", [1, 2, 3, 5])
def test_the_textbook_circuit_reads_each_multiple_with_certainty(bits: int) -> None:
    """A phase of j / 2^bits gives the reading j, bits in the right order, for every j."""
    for value in range(1 << bits):
        circuit = textbook_circuit(value / (1 << bits), bits)
        reading = complete(algorithm, asked(value / (1 << bits), bits, "Textbook"), count(1))
        assert circuit.num_qubits == bits + 1
        assert [one["bits"] for one in reading["readings"]] == [f"{value:0{bits}b}"]
        assert reading["error"]["value"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bits", [3, 5, 8, 10])
def test_robust_is_within_a_tenth_of_a_unit(bits: int, seed: int) -> None:
    """That is ten standard errors at 1,000 shots, without noise."""
    result = complete(algorithm, asked(drawn(seed), bits), count(seed))

    assert abs(result["error"]["inUnits"]) <= 0.1
    assert result["uncertainty"]["standardError"] * 2**bits < 0.012
    assert result["bitsReached"] == bits


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("bits", "device"), [(3, "generic"), (5, "aria-1"), (8, "generic")])
def test_robust_is_as_exact_with_noise(bits: int, device: str, seed: int) -> None:
    """Noise lowers the contrast of the tests and moves no phase."""
    inputs = asked(drawn(seed), bits, target=NOISY)
    result = complete_noisily(algorithm, inputs, count(seed), device)

    assert abs(result["error"]["inUnits"]) <= 0.1
    assert result["uncertainty"]["standardError"] * 2**bits < 0.012
    assert result["consistency"]["outcome"] == "Consistent"
    assert np.mean([test["contrast"] for test in result["tests"]]) < 0.999


@pytest.mark.parametrize("contrast", [1.0, 0.5])
def test_the_standard_error_is_the_spread(contrast: float) -> None:
    """Over 400 phases, errors are as large as announced within a fifth, and intervals cover."""
    errors, covered = [], 0
    for seed in range(400):
        phase = drawn(seed)
        outcomes = readings_of(phase, 6, contrast, seed)
        result = finished(algorithm.resume(asked(phase, 6), {}, outcomes))
        interval = result["uncertainty"]
        errors.append(result["error"]["value"] / interval["standardError"])
        half = (interval["upper"] - interval["lower"]) / 2
        covered += abs(result["error"]["value"]) <= half

    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(1, abs=0.2)
    assert covered >= 364  # of 400 at 95 %: less once in 1,000 times


@pytest.mark.parametrize("phase", [0.0, 1e-4, 0.25, 0.5, 0.75, 0.9999, 0.3])
@pytest.mark.parametrize("method", ["Robust", "Textbook"])
def test_the_end_of_the_circle_is_no_jump(phase: float, method: str) -> None:
    """Phases next to 0 and 1, and those where a test is 0 or 1, are as exact as others."""
    result = complete(algorithm, asked(phase, 5, method), count(1))

    assert 0 <= result["phase"] < 1
    assert abs(result["error"]["inUnits"]) <= (0.1 if method == "Robust" else 0.5)
    assert result["verified"]["status"] == "Verified"


@pytest.mark.parametrize(("phase", "bits"), [(0.25, 3), (0.3, 5)])
def test_the_public_instances(phase: float, bits: int) -> None:
    """Both methods agree with the phase, and the baseline is that of a guess."""
    robust, textbook = (
        complete(algorithm, asked(phase, bits, method), count(1))
        for method in ("Robust", "Textbook")
    )

    assert abs(robust["error"]["inUnits"]) < 0.1
    assert textbook["phase"] == round(phase * 2**bits) / 2**bits
    assert robust["comparison"]["value"] == pytest.approx(phase)
    assert robust["baseline"]["value"] == textbook["baseline"]["value"] == 0.25


@pytest.mark.parametrize("seed", SEEDS)
def test_between_two_readings_the_interval_has_both(seed: int) -> None:
    """A phase in the middle between two multiples is inside, whichever reading is ahead."""
    for away in (0.47, 0.5, 0.53):
        phase = (11 + away) / 32
        result = complete(algorithm, asked(phase, 5, "Textbook"), count(seed))

        assert result["uncertainty"]["lower"] <= phase <= result["uncertainty"]["upper"]
        assert result["verified"]["status"] == "Verified"


@pytest.mark.parametrize("seed", SEEDS)
def test_lost_contrast_ends_the_estimate(seed: int) -> None:
    """Where powers beyond the third give coins, three bits are claimed, and not verified."""
    phase = drawn(seed)
    outcomes = [*readings_of(phase, 3, 0.9, seed), *readings_of(phase, 3, 0.0, 100 + seed)]
    result = finished(algorithm.resume(asked(phase, 6), {}, outcomes))

    assert result["bitsReached"] == 3
    assert result["verified"]["status"] == "NotVerified"
    assert "3 of 6 bits" in result["verified"]["reason"]
    assert abs(result["error"]["value"]) <= 0.1 / 8


def test_coins_are_no_phase() -> None:
    """Readings that are half zeros leave the whole circle, with either method."""
    coins = [Counts({"0": 500, "1": 500})] * 8
    robust = finished(algorithm.resume(asked(0.3, 4), {}, coins))
    uniform = Counts({f"{value:04b}": 60 + value % 3 for value in range(16)})
    textbook = finished(algorithm.resume(asked(0.3, 4, "Textbook"), {}, [uniform]))

    for result in (robust, textbook):
        assert result["bitsReached"] == 0
        assert result["verified"]["status"] == "NotVerified"
        assert (result["uncertainty"]["lower"], result["uncertainty"]["upper"]) == (0, 1)


def test_tests_that_contradict_each_other_widen_the_error() -> None:
    """A device that turns by a constant angle too much shows itself, and the error grows."""
    straight = finished(algorithm.resume(asked(0.3, 6), {}, readings_of(0.3, 6, 1.0, 1, 100_000)))
    outcomes: list[Counts] = []
    for power in range(6):
        turned = 0.3 + 0.03 / (1 << power) * (-1) ** power
        outcomes += readings_of(turned, 6, 1.0, power, 100_000)[2 * power : 2 * power + 2]
    bent = finished(algorithm.resume(asked(0.3, 6), {}, outcomes))

    assert straight["consistency"]["outcome"] == "Consistent"
    assert bent["consistency"]["outcome"] == "Inconsistent"
    grown = bent["uncertainty"]["standardError"] / straight["uncertainty"]["standardError"]
    assert grown > 5


def test_a_phase_that_is_not_that_of_the_matrix_is_not_verified() -> None:
    """Readings of another phase, as of a gate that turns too far, are found by the comparison."""
    result = finished(algorithm.resume(asked(0.3, 6), {}, readings_of(0.31, 6, 0.9, 3)))

    assert result["verified"]["status"] == "NotVerified"
    assert "standard errors away" in result["verified"]["reason"]


@given(phases, phases)
def test_differences_go_the_shorter_way(one: float, other: float) -> None:
    """Never more than half a turn, and the same modulo a turn."""
    difference = difference_of(one, other)

    assert -0.5 <= difference <= 0.5
    assert (difference - (one - other)) % 1 == pytest.approx(0, abs=1e-9) or (
        difference - (one - other)
    ) % 1 == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("target", [NOISY, HARDWARE, None])
def test_more_bits_than_noise_leaves_are_refused(target: TargetFacts | None) -> None:
    """Off noiseless simulators the textbook's method ends at 8 bits, the robust one does not."""
    first_step(algorithm, asked(0.3, 8, "Textbook", target))
    first_step(algorithm, asked(0.3, 10, "Robust", target))
    with pytest.raises(InputRejectedError, match="at most 8") as refused:
        algorithm.start(asked(0.3, 9, "Textbook", target))

    assert [one.pointer for one in refused.value.violations] == ["/input/bits"]


@pytest.mark.parametrize(("bits", "gates"), [(3, 6), (5, 15), (8, 36)])
def test_the_circuits_are_small(bits: int, gates: int) -> None:
    """The textbook's has bits (bits + 1) / 2 gates on two qubits, a robust one has a single one."""

    def counted(inputs: Inputs) -> list[int]:
        return [one.count_ops()["rzz"] for one in circuits_of(first_step(algorithm, inputs))]

    assert counted(asked(0.3, bits, "Textbook")) == [gates]
    assert counted(asked(0.3, bits)) == [1] * 2 * bits


def test_an_integer_may_be_written_with_a_point() -> None:
    """5.0 is an integer to JSON Schema, so it is a number of bits."""
    given: JSONObject = {"phase": 0.3, "bits": 5.0, "method": "Textbook"}

    assert complete(algorithm, Inputs(given, 100, target=NOISELESS), count(1))["bits"] == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_unequal_misreading_moves_the_phase_as_little_as_said(seed: int) -> None:
    """Of ones that are misread 2 % more often, at most 0.014 units; many shots find it out."""
    phase, outcomes = drawn(seed), []
    for counts in readings_of(phase, 5, 1.0, seed, 1_000_000):
        ones = counts.readings["1"]
        outcomes.append(Counts({"0": counts.readings["0"] + ones // 50, "1": ones - ones // 50}))

    result = finished(algorithm.resume(asked(phase, 5), {}, outcomes))

    assert abs(result["error"]["inUnits"]) < 0.014
    assert result["consistency"]["outcome"] == "Inconsistent"
