"""The maximum cut is what its readings show, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from algorithms.maxcut.algorithm import algorithm
from qjobs.domain.algorithm import Counts, Execute, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import finished, first_step
from tests.unit.algorithms.optimisation import (
    DEVICE,
    NOISELESS,
    NOISY,
    SYNTAX_CHECKER,
    brute_force,
    regular_graph,
    solved,
    solved_with_noise,
)

type Weighted = tuple[int, int, float]
type Edge = Sequence[float | None]

THREE_REGULAR_8: list[Weighted] = [
    *((0, 3, 1), (0, 5, 1), (0, 6, 1), (1, 2, 1), (1, 4, 1), (1, 6, 1), (2, 3, 1), (2, 4, 1)),
    *((3, 5, 1), (4, 7, 1), (5, 7, 1), (6, 7, 1)),
]
WEIGHTED_6: list[Weighted] = [
    *((0, 2, 1), (0, 3, 7), (0, 4, 3), (0, 5, 2), (1, 5, 7), (2, 3, 5), (2, 5, 6), (3, 4, 4)),
]
OPTIMUM = "101011"
"""A reading of it: the vertices in the order 1, 5, 4, 3, 2, 0, as the edges name them backwards."""


def asked(edges: Iterable[Edge], effort: str = "Quick") -> JSONObject:
    """Return an input; an edge without a weight has none in the input either."""
    return {
        "edges": [
            {"from": str(edge[0]), "to": str(edge[1])}
            | ({"weight": edge[2]} if len(edge) == 3 else {})
            for edge in edges
        ],
        "effort": effort,
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_regular_graph_is_cut_well_on_average(seed: int) -> None:
    """The mean cut is above 0.85 of the maximum by 4 errors; optima come 20 times too often."""
    edges = regular_graph(10, np.random.default_rng(seed))

    result = solved(algorithm, asked(edges), seed, name="maxcut")

    cuts, readings = brute_force(10, [(i, j, 1) for i, j in edges]), result["readings"]
    assert result["circuits"] == 1
    assert result["bound"] == max(cuts)
    assert readings["mean"] - 4 * readings["standardError"] >= 0.85 * max(cuts)
    assert readings["optimalByChance"] == pytest.approx(cuts.count(max(cuts)) / 1024)
    assert readings["optimal"] >= 20 * readings["optimalByChance"]
    assert readings["betterThanChance"] == "Shown"


@pytest.mark.parametrize("seed", range(5))
def test_a_weighted_graph_is_cut_well_on_average(seed: int) -> None:
    """The mean cut is above 0.80 of the maximum by 4 errors."""
    chance = np.random.default_rng(seed)
    edges = [(i, j, int(chance.integers(1, 11))) for i, j in regular_graph(10, chance)]

    result = solved(algorithm, asked(edges), seed)

    assert result["bound"] == max(brute_force(10, edges))
    readings = result["readings"]
    assert readings["mean"] - 4 * readings["standardError"] >= 0.80 * result["bound"]
    assert readings["optimal"] >= 20 * readings["optimalByChance"]


@pytest.mark.parametrize(
    ("edges", "best", "optima"), [(THREE_REGULAR_8, 10, 4 / 256), (WEIGHTED_6, 31, 2 / 64)]
)
@pytest.mark.parametrize("effort", ["Quick", "Optimised"])
def test_public_instances_are_solved(
    edges: list[Weighted], best: float, optima: float, effort: str
) -> None:
    """The answer is an optimum, and its cut is that of its sides."""
    result = solved(algorithm, asked(edges, effort), 1, name="maxcut")

    left = set(result["sides"][0])
    across = [weight for i, j, weight in edges if (str(i) in left) != (str(j) in left)]
    assert result["cut"] == best == sum(across)
    assert (result["gap"], result["verified"]["status"]) == (0, "Verified")
    assert result["readings"]["optimalByChance"] == pytest.approx(optima)
    assert result["circuits"] == (1 if effort == "Quick" else 17)


@pytest.mark.parametrize("seed", range(3))
def test_more_effort_finds_angles_for_an_unusual_graph(seed: int) -> None:
    """For a star, to which the fixed angles are not fitted, the search raises the mean cut."""
    star = [(0, vertex, 1.0) for vertex in range(1, 10)]

    quick, optimised = (
        solved(algorithm, asked(star, effort), seed)["readings"]
        for effort in ("Quick", "Optimised")
    )

    error = np.hypot(quick["standardError"], optimised["standardError"])
    assert optimised["mean"] - quick["mean"] >= 4 * error


def test_each_step_of_a_search_has_a_result_and_progress() -> None:
    """A search that a budget ends after its first circuit has that circuit's cut."""
    inputs = Inputs(asked(WEIGHTED_6, "Optimised"), 100, 1, NOISELESS)
    first = first_step(algorithm, inputs)

    second = algorithm.resume(inputs, first.state, [Counts({OPTIMUM: 60, "000000": 40})])

    assert first.best is None
    assert isinstance(second, Execute)
    assert second.best is not None
    assert second.best["cut"] == 31
    assert second.best["readings"]["mean"] == pytest.approx(0.6 * 31)
    assert second.progress is not None
    assert second.progress.steps == 17
    assert second.progress.value == pytest.approx(0.6 * 31)


@pytest.mark.parametrize(
    ("edges", "best"),
    [
        ([(0, 1, 1)], 1),
        ([(0, 1, -1)], 0),
        ([(0, 1, 5), (2, 3, 1)], 6),
        ([(0, 1, -3), (1, 2, -1), (0, 2, -2)], 0),
        ([(0, 1, 4), (1, 2, -3), (2, 0, 2)], 6),
        ([(0, 1, 1e9), (1, 2, 1e9), (2, 0, 1e9)], 2e9),
        ([(0, 1, 1e9), (1, 2, 1e-9)], 1e9),
        ([(0, 1, 1e-320), (1, 2, 1e-320)], 2e-320),
        ([(0, 1, 1), (1, 0, 2), (1, 2, 0)], 3),
        ([(0, 1)] * 2 + [(0, 2, None)], 3),
    ],
)
def test_unusual_graphs_are_cut(edges: list[Edge], best: float) -> None:
    """One edge, several components, negative, huge, tiny, doubled and missing weights."""
    result = solved(algorithm, asked(edges), 2, name="maxcut")

    assert result["cut"] == pytest.approx(best, rel=1e-9)
    assert result["gap"] == 0


def test_one_huge_weight_is_cut() -> None:
    """The mean cut is good though the other edges are too light to be seen."""
    edges = [(i, j, 1e9 if not i else 1.0) for i, j in regular_graph(8, np.random.default_rng(1))]

    result = solved(algorithm, asked(edges), 1)

    assert result["readings"]["mean"] >= 0.8 * result["bound"]


@pytest.mark.parametrize(
    ("edges", "pointer", "words"),
    [
        ([(0, 1), (1, 1)], "/input/edges/1/to", "'1'"),
        ([(0, 1, 0)], "/input/edges", "zero"),
        ([(0, 1, 5e-324)], "/input/edges", "zero"),
        ([(0, 1, 2), (1, 0, -2)], "/input/edges", "cancel"),
    ],
)
def test_graphs_without_an_answer_are_refused(edges: list[Edge], pointer: str, words: str) -> None:
    """Loops and graphs without weight are named."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(Inputs(asked(edges), 100))

    assert [one.pointer for one in refused.value.violations] == [pointer]


@pytest.mark.parametrize(
    ("target", "vertices", "words"),
    [
        (NOISELESS, 21, "21 vertices are too many for noiseless simulators: at most 20"),
        (NOISY, 11, "11 vertices are too many for noisy simulators: at most 10"),
        (SYNTAX_CHECKER, 21, "21 vertices are too many for syntax checkers: at most 20"),
        (DEVICE, 21, "21 vertices are too many for quantum computers: at most 20"),
    ],
)
def test_too_large_a_graph_is_refused_with_the_figure(
    target: object, vertices: int, words: str
) -> None:
    """One vertex more than a kind of target takes is one too many, and as many are not."""
    for number in (vertices - 1, vertices):
        inputs = Inputs(asked([(k, k + 1) for k in range(number - 1)]), 100, 1, target)  # type: ignore[arg-type]
        if number < vertices:
            assert first_step(algorithm, inputs).circuits[0].num_qubits == number  # type: ignore[union-attr]
            continue
        with pytest.raises(InputRejectedError, match=words):
            algorithm.start(inputs)


def test_a_device_takes_sixty_edges() -> None:
    """A complete graph of 12 vertices has 66."""
    edges = [(i, j) for j in range(12) for i in range(j)]

    with pytest.raises(InputRejectedError, match="66 edges are too many for quantum computers"):
        algorithm.start(Inputs(asked(edges), 100, 1, DEVICE))


def test_noise_makes_circuits_shorter_and_readings_worse() -> None:
    """With noise there are fewer layers, and the readings say that they are worse."""
    noiseless = solved(algorithm, asked(THREE_REGULAR_8), 1)
    noisy = solved_with_noise(algorithm, asked(THREE_REGULAR_8), 1)

    assert noisy["twoQubitGates"] <= 90 < noiseless["twoQubitGates"]
    assert noisy["readings"]["mean"] < noiseless["readings"]["mean"]
    assert noisy["readings"]["betterThanChance"] == "Shown"


def test_readings_at_random_are_not_better_than_chance() -> None:
    """A device that has lost everything finds an optimum too, and the result says why."""
    inputs = Inputs(asked(THREE_REGULAR_8), 1024, 1, NOISELESS)
    step = first_step(algorithm, inputs)
    uniform = Counts({f"{number:08b}": 4 for number in range(256)})

    result = finished(algorithm.resume(inputs, step.state, [uniform]))

    assert result["cut"] == result["bound"] == 10
    assert result["readings"]["betterThanChance"] == "NotShown"
    assert result["readings"]["mean"] == pytest.approx(result["readings"]["meanByChance"])
    assert result["baseline"]["value"] == pytest.approx(10, abs=1e-3)


def test_a_cut_that_is_not_the_largest_is_not_verified() -> None:
    """Enumeration knows better, and the result says so with the figure."""
    inputs = Inputs(asked(WEIGHTED_6), 10, 1, NOISELESS)
    step = first_step(algorithm, inputs)

    result = finished(algorithm.resume(inputs, step.state, [Counts({"001000": 10})]))

    assert result["cut"] == 7
    assert result["verified"]["status"] == "NotVerified"
    assert "31" in result["verified"]["reason"]
    assert result["gap"] == pytest.approx(24 / 31)
