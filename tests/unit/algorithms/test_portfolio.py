"""A choice has its number of assets, and is compared with all others."""

from __future__ import annotations

import itertools
import math
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.portfolio.algorithm import algorithm
from algorithms.portfolio.market import Market
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError, InputRejectedError
from tests.unit.algorithms.aer import finished, first_step
from tests.unit.algorithms.optimisation import (
    DEVICE,
    NOISELESS,
    NOISY,
    SYNTAX_CHECKER,
    solved,
    solved_with_noise,
)

RETURNS = [0.0632, 0.0366, 0.1108, 0.1099, 0.1252]
COVARIANCE = [
    [0.08678, 0.03514, 0.00871, -0.00266, 0.00086],
    [0.03514, 0.12895, 0.0231, -0.029, -0.02177],
    [0.00871, 0.0231, 0.11793, 0.01082, -0.01865],
    [-0.00266, -0.029, 0.01082, 0.08895, 0.00031],
    [0.00086, -0.02177, -0.01865, 0.00031, 0.04201],
]


def asked(returns: Any, covariance: Any, choose: int, **others: Any) -> JSONObject:  # noqa: ANN401 - rows of numbers
    """Return an input with assets named by their places."""
    return {
        "assets": [
            {"name": f"A{k}", "expectedReturn": float(one)} for k, one in enumerate(returns)
        ],
        "covariance": np.asarray(covariance).tolist(),
        "choose": choose,
        "riskAversion": 1.0,
        "effort": "Quick",
    } | others


def random_market(assets: int, choose: int, seed: int, **others: Any) -> JSONObject:  # noqa: ANN401 - members of an input
    """Return the input of a market with a covariance of random returns."""
    chance = np.random.default_rng(seed)
    samples = chance.normal(size=(assets, 2 * assets))
    returns = chance.uniform(0, 0.15, assets)
    return asked(returns, samples @ samples.T * 0.09 / (2 * assets), choose, **others)


def objectives(document: JSONObject) -> dict[tuple[int, ...], float]:
    """Return the objective of every choice, by adding up."""
    returns = [asset["expectedReturn"] for asset in document["assets"]]
    return {
        choice: document["riskAversion"]
        * sum(document["covariance"][i][j] for i in choice for j in choice)
        - sum(returns[i] for i in choice)
        for choice in itertools.combinations(range(len(returns)), document["choose"])
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("effort", ["Quick", "Optimised"])
def test_the_public_instance_is_solved(seed: int, effort: str) -> None:
    """On every seed: all readings feasible, the optimum found, more often than by chance."""
    given_ = asked(RETURNS, COVARIANCE, 2, effort=effort)

    result = solved(algorithm, given_, seed, 200 if effort == "Optimised" else 1000, "portfolio")

    assert result["assets"] == ["A2", "A4"]
    assert result["objective"] == pytest.approx(-0.11336, abs=5e-6)
    assert result["bound"] == result["comparison"]["value"] == pytest.approx(result["objective"])
    assert (result["gap"], result["verified"]["status"]) == (0, "Verified")
    readings = result["readings"]
    assert readings["feasible"] >= 0.99
    assert readings["optimalByChance"] == pytest.approx(1 / 10)
    assert readings["betterThanChance"] == "Shown"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("assets", "choose", "times"), [(6, 3, 6), (8, 2, 6), (8, 5, 6), (10, 5, 20)]
)
def test_random_markets_are_solved_better_than_by_chance(
    seed: int, assets: int, choose: int, times: float
) -> None:
    """All readings are feasible, the mean is near the optimum, which comes far too often."""
    given_ = random_market(assets, choose, seed)

    result = solved(algorithm, given_, seed, name="portfolio")

    every, readings = objectives(given_), result["readings"]
    chosen = tuple(int(name[1:]) for name in result["assets"])
    assert result["objective"] == pytest.approx(every[chosen])
    assert result["bound"] == pytest.approx(min(every.values()))
    assert result["gap"] == 0
    assert readings["feasible"] >= 0.99
    assert readings["meanByChance"] == pytest.approx(np.mean(list(every.values())))
    low, high = min(every.values()), max(every.values())
    assert (high - readings["mean"] - 4 * readings["standardError"]) / (high - low) >= 0.85
    assert readings["optimal"] >= times / len(every)


@settings(max_examples=12)
@given(st.integers(2, 5), st.data(), st.floats(0, 10))
def test_any_choice_has_its_number_of_assets(assets: int, data: st.DataObject, risk: float) -> None:
    """From one of two to all but one, whatever the risk counts."""
    choose = data.draw(st.integers(1, assets - 1))
    given_ = random_market(assets, choose, 1, riskAversion=risk)

    result = solved(algorithm, given_, 1, 20)

    assert len(result["assets"]) == choose
    assert result["readings"]["feasible"] == 1
    assert result["objective"] == pytest.approx(
        risk * result["variance"] - result["expectedReturn"]
    )
    assert result["objective"] >= result["bound"] - 1e-12


def test_the_hamiltonian_differs_by_a_constant_among_choices() -> None:
    """It is the objective without what all choices of that many assets have in common."""
    market = Market.of(asked(RETURNS, COVARIANCE, 2))

    difference = market.cost.energies() - market.objectives()

    assert np.nanstd(difference) == pytest.approx(0, abs=1e-12)
    assert math.fsum(market.cost.fields) == pytest.approx(0, abs=1e-12)
    assert math.fsum(market.cost.couplings.values()) == pytest.approx(0, abs=1e-12)


def test_without_risk_the_highest_returns_are_chosen() -> None:
    """And with much aversion the pair of the least variance."""
    bold = solved(algorithm, asked(RETURNS, COVARIANCE, 2, riskAversion=0.0), 1)
    careful = solved(algorithm, asked(RETURNS, COVARIANCE, 2, riskAversion=1000.0), 1)

    assert bold["assets"] == ["A2", "A4"]
    every = {
        (i, j): COVARIANCE[i][i] + COVARIANCE[j][j] + 2 * COVARIANCE[i][j]
        for i, j in itertools.combinations(range(5), 2)
    }
    least = min(every, key=lambda pair: every[pair])
    assert careful["assets"] == [f"A{place}" for place in least]
    assert careful["variance"] == pytest.approx(every[least])


def test_a_covariance_may_be_rounded() -> None:
    """Two equal assets whose covariance has been rounded up are no reason to refuse."""
    matrix = [[0.1, 0.10000001, 0.0], [0.10000001, 0.1, 0.0], [0.0, 0.0, 0.2]]

    assert solved(algorithm, asked([0.1, 0.2, 0.3], matrix, 2), 1)["gap"] == 0


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"choose": 5}, "/input/choose", "Of 5 assets at most 4"),
        (
            {"covariance": [[1.0, 0.0], [0.0, 1.0]]},
            "/input/covariance",
            "takes 5 rows; there are 2",
        ),
        ({"covariance": [*COVARIANCE[:4], [1.0, 2.0]]}, "/input/covariance/4", "it has 2"),
        (
            {"covariance": [*COVARIANCE[:4], [0.5, *COVARIANCE[4][1:]]]},
            *("/input/covariance/4/0", "0.5 here, 0.00086 in row 1"),
        ),
        ({"covariance": (-np.eye(5)).tolist()}, "/input/covariance", "negative variance"),
        (
            {"covariance": (2 * np.ones((5, 5)) - np.eye(5)).tolist()},
            *("/input/covariance", "negative variance"),
        ),
        (
            {"assets": [{"name": "A", "expectedReturn": 0.1}] * 5},
            *("/input/assets/1/name", "Two assets have the name 'A'"),
        ),
        (
            {
                "assets": [{"name": f"A{k}", "expectedReturn": 0.1} for k in range(5)],
                "covariance": (0.1 * np.eye(5)).tolist(),
            },
            *("/input/assets", "equally good"),
        ),
        (
            {
                "assets": [{"name": f"A{k}", "expectedReturn": 5e-324 * (not k)} for k in range(5)],
                "covariance": np.zeros((5, 5)).tolist(),
            },
            *("/input/assets", "equally good"),
        ),
    ],
)
def test_markets_without_an_answer_are_refused(
    change: JSONObject, pointer: str, words: str
) -> None:
    """The member to change is named."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(Inputs(asked(RETURNS, COVARIANCE, 2) | change, 100, 1, NOISELESS))

    assert [one.pointer for one in refused.value.violations] == [pointer]


@pytest.mark.parametrize(
    ("target", "most", "words"),
    [
        (NOISELESS, 14, "15 assets are too many for noiseless simulators: at most 14"),
        (NOISY, 8, "9 assets are too many for noisy simulators: at most 8"),
        (SYNTAX_CHECKER, 14, "15 assets are too many for syntax checkers: at most 14"),
        (DEVICE, 8, "9 assets are too many for quantum computers: at most 8"),
    ],
)
def test_too_many_assets_are_refused_with_the_figure(
    target: Any,  # noqa: ANN401 - facts of a target
    most: int,
    words: str,
) -> None:
    """One more than a kind of target takes is one too many, and as many are not."""
    with pytest.raises(InputRejectedError, match=words):
        algorithm.start(Inputs(random_market(most + 1, 2, 1), 100, 1, target))

    assert first_step(algorithm, Inputs(random_market(most, 2, 1), 100, 1, target)).circuits


def test_choices_of_another_number_are_left_out_and_counted() -> None:
    """With noise some readings have an asset more or less; the others still count."""
    result = solved_with_noise(algorithm, asked(RETURNS, COVARIANCE, 2), 1)

    readings = result["readings"]
    assert 0.3 < readings["feasible"] < 0.95
    assert (
        f"best of {round(readings['feasible'] * 300)} random" in result["baseline"]["description"]
    )
    assert readings["betterThanChance"] == "Shown"
    assert result["layers"] == 1


def test_without_a_choice_there_is_no_answer() -> None:
    """Readings of which none has the right number end the job with that reason."""
    inputs = Inputs(asked(RETURNS, COVARIANCE, 2), 10, 1, NOISY)
    step = first_step(algorithm, inputs)

    with pytest.raises(AlgorithmError, match="None of the 10 readings is feasible"):
        algorithm.resume(inputs, step.state, [Counts({"00001": 10})])


def test_readings_at_random_are_not_better_than_chance() -> None:
    """A uniform device finds the optimum too; a choice that is not one is not verified."""
    inputs = Inputs(asked(RETURNS, COVARIANCE, 2), 320, 1, NOISELESS)
    step = first_step(algorithm, inputs)
    every = {f"{number:05b}": 10 for number in range(32)}

    found = finished(algorithm.resume(inputs, step.state, [Counts(every)]))
    missed = finished(algorithm.resume(inputs, step.state, [Counts({"00011": 320})]))

    assert (found["assets"], found["readings"]["betterThanChance"]) == (["A2", "A4"], "NotShown")
    assert found["readings"]["feasible"] == 10 / 32
    assert (missed["assets"], missed["verified"]["status"]) == (["A0", "A1"], "NotVerified")


def test_the_picture_has_every_choice_and_the_answer() -> None:
    """A mark for each choice, a ring around the best, names as they are written."""
    given_ = asked(RETURNS, COVARIANCE, 2)
    given_["assets"][4]["name"] = "<Elm> & Co"

    root = ET.fromstring(solved(algorithm, given_, 1)["svg"])

    svg = "{http://www.w3.org/2000/svg}"
    circles = list(root.iter(f"{svg}circle"))
    assert sum(one.get("r") == "2.5" for one in circles) == 10
    assert sum(one.get("fill") == "none" for one in circles) == 1
    assert "A2 + <Elm> & Co" in {one.text for one in root.iter(f"{svg}text")}
