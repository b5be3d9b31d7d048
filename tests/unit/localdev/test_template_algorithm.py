"""The algorithm of the template: a search of an angle, and the evidence of its result."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from localdev.algorithm_template.algorithm import algorithm
from qjobs.domain.algorithm import Counts, Execute, Inputs, JSONObject, Progress


def search(wanted: float, steps: int, shots: int, seed: int, faulty: float = 0.0) -> JSONObject:
    """Return the result of a search; each 1 is lost with the probability *faulty*."""
    *_, result = run(wanted, steps, shots, seed, faulty)
    assert isinstance(result, dict)
    return result


def run(
    wanted: float, steps: int, shots: int, seed: int, faulty: float = 0.0
) -> Iterator[Progress | JSONObject | None]:
    """Yield the progress of each step, at last the result."""
    inputs = Inputs({"probability": wanted, "steps": steps}, shots, seed)
    random = np.random.default_rng(seed)
    step = algorithm.start(inputs)
    while isinstance(step, Execute):
        yield step.progress
        angle = (step.state["low"] + step.state["high"]) / 2
        ones = int(random.binomial(shots, math.sin(angle / 2) ** 2 * (1 - faulty)))
        step = algorithm.resume(inputs, step.state, [Counts({"1": ones, "0": shots - ones})])
    yield step.result


@pytest.mark.parametrize("wanted", [0.02, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("steps", [1, 6, 30])
def test_a_right_search_is_verified(wanted: float, steps: int) -> None:
    """However many steps there are, the error of the readings is no fault."""
    found = [search(wanted, steps, 1000, seed)["verified"]["status"] for seed in range(200)]

    assert found.count("Verified") >= 198


def test_a_fault_beyond_the_error_of_the_readings_is_found() -> None:
    """A tenth of the ones is lost, which so many readings show."""
    assert search(0.5, 30, 10_000, 1, faulty=0.1)["verified"]["status"] == "NotVerified"


def test_the_interval_holds_as_often_as_it_says() -> None:
    """It is one of the angle, with the angle in it."""
    results = [search(0.3, 12, 1000, seed) for seed in range(400)]
    exact = 2 * math.asin(math.sqrt(0.3))

    intervals = [result["uncertainty"] for result in results]
    held = sum(one["lower"] <= exact <= one["upper"] for one in intervals)
    assert held >= intervals[0]["confidence"] * len(results)
    for result in results:
        assert result["uncertainty"]["lower"] <= result["angle"] <= result["uncertainty"]["upper"]
        assert result["comparison"]["value"] == pytest.approx(exact)


def test_the_uncertainty_of_the_progress_does_not_fall_below_that_of_the_readings() -> None:
    """It gets smaller with each step, down to the standard error of so many readings."""
    *progress, result = run(0.9, 30, 10_000, 1)
    errors = [one.uncertainty for one in progress if isinstance(one, Progress)]

    assert isinstance(result, dict)
    assert len(errors) == 30
    assert errors == sorted(errors, key=lambda error: -(error or 0))
    assert errors[-1] == pytest.approx(result["uncertainty"]["standardError"], rel=1e-6)
    assert errors[-1] == pytest.approx(0.01, rel=1e-6)
