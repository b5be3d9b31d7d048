"""A search for angles ends with its best reading, whatever was lost on the way."""

from __future__ import annotations

import json
from itertools import count

from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.methods.ising import of_cut
from qjobs.methods.mixers import FlipMixer
from qjobs.methods.qaoa import Ansatz
from qjobs.methods.qaoa_search import EVALUATIONS, STEPS, Found, Search
from qjobs.methods.spectrum import Spectrum
from tests.unit.algorithms.aer import circuits_of, sample

STAR = of_cut(6, {(0, vertex): 1.0 for vertex in range(1, 6)})


def search(effort: str) -> Search:
    """Return the search for the cut of a star."""
    inputs = Inputs({"effort": effort}, 400, 1, target_facts()["local.sim.aer"])
    spectrum = Spectrum(-STAR.energies(), maximised=True)
    return Search(inputs, Ansatz(6, STAR, FlipMixer(6), 3), spectrum, rendered)


def rendered(found: Found) -> JSONObject:
    """Return a result that shows everything that was found."""
    return {
        "reading": found.reading,
        "feasible": found.feasible,
        "mean": found.sampled.mean,
        "circuits": found.circuits,
    }


def steps_of(effort: str, seed: int) -> tuple[list[Execute], JSONObject]:
    """Return the steps and the result; each step has a search of its own, as after a crash."""
    decision: Execute | Finish = search(effort).first()
    steps, seeds = [], count(1000 * seed)
    while isinstance(decision, Execute):
        steps.append(decision)
        outcomes = sample(circuits_of(decision), 400, seeds)
        decision = search(effort).next(json.loads(json.dumps(decision.state)), outcomes)
    return steps, decision.result


def test_quick_is_one_circuit() -> None:
    """It has no state, and says that it is one step."""
    steps, result = steps_of("Quick", 1)

    assert len(steps) == result["circuits"] == 1
    assert steps[0].state == {}


def test_a_search_takes_its_steps_and_no_more() -> None:
    """The last circuit repeats the best angles; all readings together have the best one."""
    steps, result = steps_of("Optimised", 1)

    assert len(steps) == result["circuits"] == STEPS == EVALUATIONS + 1
    assert result["feasible"] == 400 * STEPS
    assert result["reading"] in ("000001", "111110")
    known = steps[-1].state["known"]
    point, value = min(known, key=lambda one: one[1])
    assert steps[-1].circuits[0] == search("Optimised").ansatz.circuit(tuple(point))
    assert -value >= result["mean"] - 0.3
    assert -known[0][1] < -value


def test_progress_and_best_grow_with_the_steps() -> None:
    """The best mean never falls, and the result of an early end counts the circuits so far."""
    steps, _ = steps_of("Optimised", 2)

    means = [one.progress.value for one in steps[1:] if one.progress and one.progress.value]
    assert means == sorted(means)
    assert len(means) == STEPS - 1
    assert [one.best["circuits"] for one in steps[1:] if one.best] == list(range(1, STEPS))


def test_a_better_reading_of_an_earlier_circuit_is_kept() -> None:
    """Angles that are better on average may read a worse best."""
    first = search("Optimised").first()
    second = search("Optimised").next(first.state, [Counts({"000001": 1, "000000": 99})])
    assert isinstance(second, Execute)

    third = search("Optimised").next(second.state, [Counts({"000011": 100})])

    assert isinstance(third, Execute)
    assert third.best == {"reading": "000001", "feasible": 200, "mean": 4.0, "circuits": 2}
