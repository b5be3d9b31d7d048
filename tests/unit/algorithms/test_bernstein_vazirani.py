"""The secret is read by majority, also through noise, and is not verified if coins read it too."""

from __future__ import annotations

import random
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from algorithms.bernstein_vazirani.algorithm import algorithm, secret_circuit
from qjobs.domain.algorithm import Counts, Inputs
from tests.unit.algorithms.aer import complete, finished
from tests.unit.algorithms.generic_noise import NOISELESS, NOISY, complete_noisily

SEEDS = range(1, 6)


def asked(secret: str, shots: int = 200) -> Inputs:
    """Return what the engine passes."""
    return Inputs({"secret": secret}, shots, target=NOISELESS)


def drawn(width: int, seed: int) -> str:
    """Return a random secret."""
    return f"{random.Random(seed).getrandbits(width):0{width}b}"


@settings(max_examples=20)
@given(st.text("01", min_size=1, max_size=8))
def test_every_reading_is_the_secret(secret: str) -> None:
    """Before measurement the state of the bits is the secret, with certainty."""
    circuit = secret_circuit(secret).remove_final_measurements(inplace=False)

    shares = Statevector(circuit).probabilities_dict(range(len(secret)))
    assert shares[secret] == pytest.approx(1)
    assert circuit.count_ops().get("cx", 0) == secret.count("1")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [1, 2, 3, 5, 8, 13, 16])
def test_it_is_right_on_every_seed(width: int, seed: int) -> None:
    """Without noise all readings are the secret, whatever it is."""
    secret = drawn(width, seed)
    result = complete(algorithm, asked(secret), count(seed))

    assert result["secret"] == secret
    assert result["agreement"] == {"readings": 200, "share": 1.0, "perBit": 1.0}
    assert result["verified"]["status"] == "Verified"
    assert result["comparison"]["value"] == secret


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [4, 8, 12, 16])
def test_the_majority_is_right_with_noise(width: int, seed: int) -> None:
    """At the noisy simulator's rates every bit is right, though some readings are wrong."""
    secret = drawn(width, seed)
    inputs = Inputs({"secret": secret}, 200, target=NOISY)
    result = complete_noisily(algorithm, inputs, count(seed))

    assert result["secret"] == secret
    assert result["verified"]["status"] == "Verified"
    assert result["baseline"]["value"] < result["uncertainty"]["lower"]
    assert result["agreement"]["readings"] < 200


@pytest.mark.parametrize("secret", ["110", "011001", "000", "1"])
def test_public_and_extreme_secrets(secret: str) -> None:
    """No digit changes its place, also of nothing but zeros, and of a single one."""
    result = complete(algorithm, asked(secret), count(1))

    assert result["secret"] == secret
    assert [bit["value"] for bit in result["bits"]] == [int(digit) for digit in secret]


def test_the_majority_of_each_bit_counts_and_not_the_most_frequent_reading() -> None:
    """Where no reading is the secret, its bits still are."""
    counts = Counts({"011": 400, "101": 350, "110": 380, "000": 30})
    result = finished(algorithm.resume(asked("111"), {}, [counts]))

    assert result["secret"] == "111"
    assert result["agreement"]["readings"] == 0
    assert result["verified"]["status"] == "Verified"


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ({"000": 100, "111": 90}, "differs in 1 of 3 bits"),
        ({"010": 100, "101": 90}, "coins give as clear a majority for 3 of 3 bits"),
        ({"010": 3}, "coins give as clear a majority"),
        ({"010": 50, "110": 50}, "coins give as clear a majority for 1 of 3 bits"),
    ],
)
def test_what_coins_explain_is_not_verified(readings: dict[str, int], reason: str) -> None:
    """A wrong secret, a narrow majority, too few shots and a tie are told apart."""
    result = finished(algorithm.resume(asked("010"), {}, [Counts(readings)]))

    assert result["verified"]["status"] == "NotVerified"
    assert reason in result["verified"]["reason"]


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_random_readings_verify_nothing(seed: int) -> None:
    """Of uniform readings, none of 30 series is taken for the secret: one in 1,000 may be."""
    chance = random.Random(seed)
    readings = Counts({f"{v:04b}": chance.randint(40, 60) for v in range(16)})

    result = finished(algorithm.resume(asked("0110"), {}, [readings]))

    assert result["verified"]["status"] == "NotVerified"
