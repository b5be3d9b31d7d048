"""The interval of the expected loss holds the exact one, with noise and without."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from qiskit.quantum_info import Statevector

from algorithms.expected_loss.algorithm import algorithm
from algorithms.expected_loss.amplification import amplified, powers, two_qubit_gates
from algorithms.expected_loss.likelihood import Reading, fitted
from algorithms.expected_loss.portfolio import Portfolio
from azure_quantum_emulator.execution.noise import model
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import circuits_of, complete, finished, first_step, sample

FOLDER = Path(__file__).parents[3] / "algorithms" / "expected_loss"
RESULT = Draft202012Validator(
    json.loads((FOLDER / "result.schema.json").read_text(encoding="utf-8"))
)
TWO = ((0.32, 9.0), (0.179, 3.0))
THREE = ((0.199, 4.0), (0.106, 1.0), (0.087, 4.0))
RUNS = 20
NOISELESS, NOISY = "local.sim.aer", "local.sim.aer-noisy"

type Assets = tuple[tuple[float, float], ...]


def asked(assets: Assets, circuits: int | None = None, target: str | None = NOISELESS) -> Inputs:
    """Return what the engine passes, for 1,000 shots."""
    listed = [{"defaultProbability": chance, "loss": loss} for chance, loss in assets]
    facts = target_facts().get(target or "")
    return Inputs({"assets": listed, "circuits": circuits}, 1000, 7, facts)


def run(
    assets: Assets, seed: int, circuits: int | None = None, noise: str | None = None
) -> JSONObject:
    """Return the result of a job, valid under its schema."""
    inputs = asked(assets, circuits, NOISY if noise else NOISELESS)
    result = complete(algorithm, inputs, count(1000 * seed), noise and model(noise))
    RESULT.validate(result)
    return result


@cache
def noisy(seed: int) -> JSONObject:
    """Return the result of the public portfolio of two assets on the noisy simulator."""
    return run(TWO, seed, 3, "generic")


def covers(result: JSONObject) -> bool:
    """Return whether the interval holds the exact loss."""
    interval = result["uncertainty"]
    return bool(interval["lower"] <= result["comparison"]["value"] <= interval["upper"])


def width(result: JSONObject) -> float:
    """Return the width of the interval."""
    return float(result["uncertainty"]["upper"] - result["uncertainty"]["lower"])


@pytest.mark.parametrize(("assets", "exact"), [(TWO, 3.417), (THREE, 1.25)], ids=["two", "three"])
def test_the_interval_covers(assets: Assets, exact: float) -> None:
    """In at least 17 of 20 jobs: an interval of 95 % has less once in 63 times such tests."""
    results = [run(assets, seed, 4) for seed in range(RUNS)]

    assert results[0]["comparison"]["value"] == pytest.approx(exact)
    assert sum(map(covers, results)) >= 17
    assert np.median([abs(one["expectedLoss"] - exact) for one in results]) < 0.02 * exact


def test_the_interval_covers_with_noise() -> None:
    """In at least 17 of 20 jobs, where counts taken for noiseless do not fit together."""
    results = [noisy(seed) for seed in range(RUNS)]
    raw = [
        fitted([Reading(c["power"], round(c["share"] * c["readings"]), c["readings"]) for c in one])
        for one in (result["circuits"] for result in results)
    ]

    assert sum(map(covers, results)) >= 17
    assert sum(not one.is_good for one in raw) >= 15


def test_noise_widens_the_interval() -> None:
    """The same circuits leave more open on the noisy simulator; a single one nearly everything."""
    clean = run(TWO, 1, 3)

    assert width(noisy(1)) > 1.5 * width(clean)
    assert width(run(TWO, 1, 1, "generic")) > 5 * width(run(TWO, 1, 1))
    assert noisy(1)["noise"]["mitigation"] == "FittedDecay"
    assert clean["noise"]["mitigation"] == "None"


@pytest.mark.parametrize("noise", [None, "generic"], ids=["noiseless", "noisy"])
@pytest.mark.parametrize(
    ("assets", "exact"),
    [
        (((0.0, 5.0), (0.0, 2.0)), 0.0),
        (((1.0, 5.0), (1.0, 2.0)), 7.0),
        (((1.0, 5.0), (0.0, 2.0)), 5.0),
        (((0.5, 3.0),), 1.5),
        (((0.3, 0.0), (0.2, 1e9)), 2e8),
    ],
    ids=["never", "always", "one of two", "a single asset", "one without a loss"],
)
def test_the_ends_are_reached(assets: Assets, exact: float, noise: str | None) -> None:
    """No loss, certain loss and what is between, at whatever unit."""
    total = sum(loss for _, loss in assets)

    result = run(assets, 3, 3, noise)

    assert result["comparison"]["value"] == pytest.approx(exact)
    assert result["expectedLoss"] == pytest.approx(exact, abs=0.03 * total)
    assert result["uncertainty"]["lower"] - 0.01 * total <= exact
    assert result["uncertainty"]["upper"] + 0.01 * total >= exact
    assert 0 <= result["uncertainty"]["lower"] <= result["uncertainty"]["upper"] <= total


def test_without_losses_nothing_is_run() -> None:
    """The loss is 0, and no circuit could say more."""
    result = finished(algorithm.start(asked(((0.3, 0.0), (1.0, 0.0)))))

    RESULT.validate(result)
    assert result["expectedLoss"] == 0
    assert result["verified"]["status"] == "Verified"


def test_each_circuit_more_is_worth_more_than_its_draws() -> None:
    """With seven circuits the interval is smaller than that of as many classical draws."""
    few, many = run(THREE, 1, 3), run(THREE, 1, 7)

    assert width(many) < width(few) / 5
    assert width(many) < 0.5 * 2 * 1.96 * many["sampling"]["standardError"]


@pytest.mark.parametrize("assets", [TWO, THREE, (*THREE, (0.5, 2.5))], ids=["2", "3", "4"])
def test_the_objective_qubit_holds_the_loss(assets: Assets) -> None:
    """Its share of ones is the mean loss, and amplification turns it as the theory says."""
    portfolio = Portfolio([p for p, _ in assets], [loss for _, loss in assets])
    angle = np.arcsin(np.sqrt(portfolio.expected_loss() / portfolio.total))

    for power in powers(4):
        circuit = amplified(portfolio.preparation(), power)
        state = Statevector(circuit.remove_final_measurements(inplace=False))
        share = state.probabilities([len(assets)])[1]
        assert share == pytest.approx(np.sin((2 * power + 1) * angle) ** 2)


def test_gates_are_counted_with_those_of_devices() -> None:
    """The figure by which inputs are refused is never below the gates of the circuit."""
    for assets in range(1, 6):
        preparation = Portfolio([0.1] * assets, [1.0] * assets).preparation()
        for power in (0, 1, 3):
            circuit = amplified(preparation, power).decompose(["mcx", "ccx"])
            assert circuit.num_nonlocal_gates() <= two_qubit_gates(assets, power)


def test_counts_that_do_not_fit_are_told() -> None:
    """Circuits that contradict each other widen the interval, and nothing is verified."""
    inputs = asked(TWO, 4)
    shares = (0.28, 0.1, 0.5, 0.9)

    counts = [Counts({"1": round(1000 * x), "0": round(1000 - 1000 * x)}) for x in shares]
    result = finished(algorithm.resume(inputs, {}, counts))

    assert result["verified"]["status"] == "NotVerified"
    assert "do not fit" in result["verified"]["reason"]
    assert width(result) > 5 * width(run(TWO, 1, 4))


@pytest.mark.parametrize(
    ("assets", "circuits", "target", "pointer", "words"),
    [
        (THREE + THREE[:1], None, NOISY, "/input/assets", "at most 3"),
        (THREE + THREE[:1], None, None, "/input/assets", "at most 3"),
        (THREE, 7, NOISY, "/input/circuits", "at most 500"),
        (THREE + THREE, 7, NOISELESS, "/input/circuits", "at most 4,000"),
    ],
    ids=["noisy", "hardware", "long", "longest"],
)
def test_refusals_name_member_and_figure(
    assets: Assets, circuits: int | None, target: str | None, pointer: str, words: str
) -> None:
    """What is too large for its target is refused before anything runs."""
    with pytest.raises(InputRejectedError) as refused:
        algorithm.start(asked(assets, circuits, target))

    assert refused.value.violations[0].pointer == pointer
    assert words in refused.value.detail


def test_circuits_follow_the_target() -> None:
    """Five on a simulator; three and two for calibration on a quantum computer."""
    for target, number in ((NOISELESS, 5), (NOISY, 6), ("ionq.qpu.aria-1", 5), (None, 5)):
        assert len(circuits_of(first_step(algorithm, asked(TWO, target=target)))) == number


def test_rounded_counts_are_taken() -> None:
    """A target that computes exact shares and rounds them gives the exact loss."""
    inputs = asked(THREE, 4)
    circuits = circuits_of(first_step(algorithm, inputs))
    exact = [
        Statevector(one.remove_final_measurements(inplace=False)).probabilities([3])[1]
        for one in circuits
    ]
    counts = [Counts({"1": round(1000 * x), "0": round(1000 * (1 - x))}) for x in exact]

    result = finished(algorithm.resume(inputs, {}, counts))

    assert result["expectedLoss"] == pytest.approx(1.25, abs=0.01)
    assert covers(result)
    assert sample(circuits, 10, count(1))[0].total == 10
