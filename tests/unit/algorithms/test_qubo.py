"""The optimum of a QUBO is as its readings show, and no more."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.qubo.algorithm import algorithm
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import finished, first_step
from tests.unit.algorithms.optimisation import (
    DEVICE,
    NOISELESS,
    NOISY,
    SYNTAX_CHECKER,
    regular_graph,
    solved,
    solved_with_noise,
)

PUBLIC: list[tuple[list[list[float]], float, list[int], float]] = [
    ([[4, -2, -8, 4], [0, 3, 4, 5], [0, 0, 1, 2], [0, 0, 0, 3]], -3, [1, 0, 1, 0], 6.75),
    (
        [
            [-4, 0, 0, -2, -7, -2],
            [0, 7, 0, 0, -6, 0],
            [0, 0, -2, 0, -5, -3],
            [0, 0, 0, -3, 0, 8],
            [0, 0, 0, 0, 9, 0],
            [0, 0, 0, 0, 0, 8],
        ],
        *(-14, [1, 0, 1, 1, 1, 0], 3.25),
    ),
]


def asked(matrix: Any, sense: str = "Minimise", effort: str = "Quick") -> JSONObject:  # noqa: ANN401 - rows of numbers
    """Return an input."""
    return {"matrix": np.asarray(matrix).tolist(), "sense": sense, "effort": effort}


def of_graph(edges: list[tuple[int, int]], weights: list[int]) -> np.ndarray:
    """Return the matrix whose value is minus the cut of a graph."""
    matrix = np.zeros((10, 10))
    for (i, j), weight in zip(edges, weights, strict=True):
        matrix[i, i] -= weight
        matrix[j, j] -= weight
        matrix[i, j] += 2 * weight
    return matrix


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("heaviest", "share"), [(1, 0.85), (10, 0.80)])
def test_a_cut_as_a_qubo_is_as_good_as_a_cut(seed: int, heaviest: int, share: float) -> None:
    """3-regular graphs of 10: the mean reaches the share of the optimum by 4 errors."""
    chance = np.random.default_rng(seed)
    edges = regular_graph(10, chance)
    matrix = of_graph(edges, chance.integers(1, heaviest + 1, len(edges)).tolist())

    result = solved(algorithm, asked(matrix), seed)

    readings = result["readings"]
    assert readings["mean"] + 4 * readings["standardError"] <= share * result["bound"] < 0
    assert readings["optimal"] >= 20 * readings["optimalByChance"]
    assert result["circuits"] == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_random_qubo_is_solved_well_on_average(seed: int) -> None:
    """Dense, with costs of both signs: the mean is above 0.85 of the range, optima 20 times."""
    matrix = np.random.default_rng(seed).normal(size=(10, 10))

    result = solved(algorithm, asked(matrix), seed, name="qubo")

    values = [x @ matrix @ x for x in map(np.array, itertools.product((0, 1), repeat=10))]
    readings, best, worst = result["readings"], min(values), max(values)
    assert result["bound"] == pytest.approx(best)
    assert readings["meanByChance"] == pytest.approx(np.mean(values))
    reached = (worst - readings["mean"] - 4 * readings["standardError"]) / (worst - best)
    assert reached >= 0.85
    assert readings["optimal"] >= 20 * readings["optimalByChance"]


@pytest.mark.parametrize(("matrix", "minimum", "optimum", "mean"), PUBLIC)
@pytest.mark.parametrize("effort", ["Quick", "Optimised"])
def test_public_instances_are_solved(
    matrix: list[list[float]], minimum: float, optimum: list[int], mean: float, effort: str
) -> None:
    """The answer is the one optimum, and its evidence is exact."""
    result = solved(algorithm, asked(matrix, effort=effort), 1, name="qubo")

    assert (result["variables"], result["value"]) == (optimum, minimum)
    assert (result["bound"], result["gap"], result["verified"]["status"]) == (
        minimum,
        0,
        "Verified",
    )
    assert result["readings"]["meanByChance"] == mean
    assert result["readings"]["betterThanChance"] == "Shown"


def test_a_gain_is_maximised() -> None:
    """The greatest value of the public instance is known too, and the mean is near it."""
    matrix, _, _, mean = PUBLIC[1]

    result = solved(algorithm, asked(matrix, "Maximise"), 1, name="qubo")

    assert result["value"] == result["bound"] == result["comparison"]["value"] == 23
    assert result["readings"]["mean"] > mean + 0.7 * (23 - mean)


def test_both_halves_of_a_matrix_add_up() -> None:
    """A symmetric matrix and its doubled triangle are the same problem."""
    symmetric = [[5, 2, -3], [2, -4, 1], [-3, 1, 6]]
    triangle = np.triu(symmetric) + np.triu(symmetric, 1)

    first, second = (solved(algorithm, asked(one), 1) for one in (symmetric, triangle))

    assert (first["variables"], first["value"]) == (second["variables"], second["value"])
    assert first["readings"] == second["readings"]


@pytest.mark.parametrize(
    ("matrix", "best", "variables"),
    [
        ([[-1]], -1, [1]),
        ([[1]], 0, [0]),
        ([[-3, 0], [0, 2]], -3, [1, 0]),
        ([[1e9, -3e9], [0, 1e9]], -1e9, [1, 1]),
        ([[-1e-320, 0], [0, -1e-320]], -2e-320, [1, 1]),
        ([[-1e9, 0, 0], [0, -1, 0], [0, 0, 5e8]], -1e9, None),
        ([[1, 0, 0], [0, -2, 0], [0, 0, 0]], -2, None),
    ],
)
def test_unusual_matrices_are_solved(
    matrix: list[list[float]], best: float, variables: list[int] | None
) -> None:
    """One variable, no pairs, huge, tiny and mixed entries, a variable without influence."""
    result = solved(algorithm, asked(matrix), 2, name="qubo")

    assert result["value"] == pytest.approx(best, rel=1e-6)
    assert variables is None or result["variables"] == variables


@settings(max_examples=15)
@given(st.integers(1, 5), st.integers(0, 10**6))
def test_a_value_is_that_of_its_variables(size: int, seed: int) -> None:
    """And it is never better than the bound."""
    matrix = np.random.default_rng(seed).integers(-9, 10, (size, size))
    if not (np.diag(matrix).any() or (matrix + matrix.T).any()):
        return

    result = solved(algorithm, asked(matrix), 1, 20)

    x = np.array(result["variables"])
    assert result["value"] == x @ matrix @ x >= result["bound"]


@pytest.mark.parametrize(
    ("matrix", "pointer", "words"),
    [
        ([[1, 2], [3]], "/input/matrix/1", "2 rows, so this one takes 2 numbers; it has 1"),
        ([[1, 2]], "/input/matrix/0", "1 rows"),
        ([[0, 0], [0, 0]], "/input/matrix", "zero"),
        ([[5e-324, 0], [0, 0]], "/input/matrix", "zero"),
        ([[0, 2], [-2, 0]], "/input/matrix", "cancel"),
    ],
)
def test_matrices_without_an_answer_are_refused(
    matrix: list[list[float]], pointer: str, words: str
) -> None:
    """Those that are not square, or constant."""
    given_ = {"matrix": matrix, "sense": "Minimise", "effort": "Quick"}

    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(Inputs(given_, 100))

    assert [one.pointer for one in refused.value.violations] == [pointer]


@pytest.mark.parametrize(
    ("target", "size", "words"),
    [
        (NOISELESS, 21, "21 variables are too many for noiseless simulators: at most 20"),
        (NOISY, 11, "11 variables are too many for noisy simulators: at most 10"),
        (SYNTAX_CHECKER, 21, "21 variables are too many for syntax checkers: at most 20"),
        (DEVICE, 12, "66 pairs are too many for quantum computers: at most 60"),
    ],
)
def test_too_large_a_matrix_is_refused_with_the_figure(
    target: Any,  # noqa: ANN401 - facts of a target
    size: int,
    words: str,
) -> None:
    """One more than a kind of target takes is one too many, and as many are not."""
    with pytest.raises(InputRejectedError, match=words):
        algorithm.start(Inputs(asked(np.ones((size, size))), 100, 1, target))

    smaller = Inputs(asked(np.eye(size - 1)), 100, 1, target)
    assert len(first_step(algorithm, smaller).circuits) == 1


def test_noise_makes_readings_worse() -> None:
    """With noise the mean is further from the optimum, and still better than chance."""
    noiseless = solved(algorithm, asked(PUBLIC[1][0]), 1)
    noisy = solved_with_noise(algorithm, asked(PUBLIC[1][0]), 1)

    assert noisy["readings"]["mean"] > noiseless["readings"]["mean"]
    assert noisy["readings"]["betterThanChance"] == "Shown"


def test_readings_at_random_are_not_better_than_chance() -> None:
    """Though they have the optimum, which a better value would have withdrawn."""
    matrix, minimum, _, mean = PUBLIC[0]
    inputs = Inputs(asked(matrix), 160, 1, NOISELESS)
    step = first_step(algorithm, inputs)
    every = {f"{number:04b}": 10 for number in range(16)}

    found = finished(algorithm.resume(inputs, step.state, [Counts(every)]))
    missed = finished(algorithm.resume(inputs, step.state, [Counts({"1111": 160})]))

    assert (found["value"], found["readings"]["mean"]) == (minimum, mean)
    assert found["readings"]["betterThanChance"] == "NotShown"
    assert (missed["value"], missed["verified"]["status"]) == (16, "NotVerified")
    assert missed["gap"] == pytest.approx(19 / 3)
