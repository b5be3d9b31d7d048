"""Schedules are feasible, as short as they say, and compared with all others."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from algorithms.machine_scheduling.algorithm import algorithm
from algorithms.machine_scheduling.cost import SquaredLoads
from algorithms.machine_scheduling.workshop import Workshop
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


def asked(durations: list[int], machines: int, effort: str = "Quick") -> JSONObject:
    """Return an input with jobs named by their places."""
    jobs = [{"name": f"job {k}", "duration": one} for k, one in enumerate(durations)]
    return {"jobs": jobs, "machines": [f"M{k}" for k in range(machines)], "effort": effort}


def makespans(durations: list[int], machines: int) -> list[int]:
    """Return the makespan of every schedule, by adding up durations."""
    return [
        max(
            sum(one for one, place in zip(durations, places, strict=True) if place == machine)
            for machine in range(machines)
        )
        for places in itertools.product(range(machines), repeat=len(durations))
    ]


def hold_schedule(result: JSONObject, durations: list[int]) -> None:
    """Hold a schedule to its jobs: each once, without gaps, and the makespan that is said."""
    ran = []
    for machine in result["schedule"]:
        clock = 0
        for job in machine["jobs"]:
            assert job["start"] == clock
            clock = job["end"]
            ran.append((job["name"], job["end"] - job["start"]))
        assert machine["load"] == clock
    assert sorted(ran) == sorted((f"job {k}", one) for k, one in enumerate(durations))
    assert result["makespan"] == max(machine["load"] for machine in result["schedule"])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("durations", "machines", "minimum", "optima"),
    [([1, 4, 5, 9, 1, 1], 2, 11, 12 / 64), ([6, 5, 4, 1], 3, 6, 12 / 81)],
)
def test_public_instances_are_solved(
    seed: int, durations: list[int], machines: int, minimum: int, optima: float
) -> None:
    """On every seed: all readings feasible, an optimum found, more often than by chance.

    In both the bound and the classical rule are right too.
    """
    result = solved(algorithm, asked(durations, machines), seed, name="machine_scheduling")

    hold_schedule(result, durations)
    assert result["makespan"] == result["bound"] == minimum
    assert result["lowerBound"] == result["comparison"]["value"] == minimum
    assert (result["gap"], result["verified"]["status"]) == (0, "Verified")
    readings = result["readings"]
    assert readings["feasible"] >= 0.99
    assert readings["optimalByChance"] == pytest.approx(optima)
    assert readings["betterThanChance"] == "Shown"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("machines", "jobs", "times"), [(2, 9, 2), (3, 6, 4), (4, 6, 6)])
def test_random_jobs_are_scheduled_better_than_by_chance(
    seed: int, machines: int, jobs: int, times: float
) -> None:
    """The mean makespan is below that of random schedules, and optima are far more frequent."""
    durations = np.random.default_rng(seed).integers(1, 20, jobs).tolist()

    result = solved(algorithm, asked(durations, machines), seed, name="machine_scheduling")

    every, readings = makespans(durations, machines), result["readings"]
    hold_schedule(result, durations)
    assert readings["feasible"] >= 0.99
    assert result["bound"] == min(every)
    assert readings["meanByChance"] == pytest.approx(np.mean(every))
    assert readings["optimalByChance"] == pytest.approx(every.count(min(every)) / len(every))
    assert readings["mean"] + 4 * readings["standardError"] < readings["meanByChance"]
    assert readings["optimal"] >= times * readings["optimalByChance"]


@settings(max_examples=12)
@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=4),
    st.integers(2, 4),
    st.sampled_from(["Quick", "Optimised"]),
)
def test_any_jobs_have_a_schedule(durations: list[int], machines: int, effort: str) -> None:
    """Two jobs, more machines than jobs, equal and very different durations."""
    shots = 20

    result = solved(algorithm, asked(durations, machines, effort), 1, shots)

    hold_schedule(result, durations)
    assert result["lowerBound"] <= result["bound"] == min(makespans(durations, machines))
    assert result["bound"] <= min(result["makespan"], result["comparison"]["value"])
    assert result["readings"]["feasible"] == 1


def test_the_cost_of_four_machines_is_the_sum_of_squared_loads() -> None:
    """The circuit turns each reading by it, but for a constant."""
    workshop = Workshop.of(asked([7, 5, 3, 2], 4))
    cost = SquaredLoads(7, [5, 3, 2])
    circuit = QuantumCircuit(6)

    cost.append(circuit, 0.9)

    squares = np.array(
        [
            sum(
                sum(
                    duration
                    for duration, place in zip(
                        workshop.durations, workshop.assignment(f"{number:06b}"), strict=True
                    )
                    if place == machine
                )
                ** 2
                for machine in range(4)
            )
            for number in range(64)
        ]
    )
    matrix = Operator(circuit).data
    turned, expected = np.diag(matrix), np.exp(-0.9j * squares / cost.scale)
    assert np.allclose(matrix, np.diag(turned))
    assert np.allclose(turned / turned[0], expected / expected[0])
    assert cost.two_qubit_gates == circuit.num_nonlocal_gates()


@pytest.mark.parametrize("machines", [2, 3, 4])
def test_a_reading_has_the_makespan_of_its_schedule(machines: int) -> None:
    """The fourth machine of three has none."""
    workshop = Workshop.of(asked([3, 8, 2, 2], machines))

    for number, makespan in enumerate(workshop.makespans()):
        places = workshop.assignment(f"{number:0{workshop.qubits}b}")
        assert places[1] == 0
        if max(places) >= machines:
            assert np.isnan(makespan)
        else:
            assert makespan == workshop.makespan(places)


def test_the_classical_rule_is_not_always_right() -> None:
    """Of 3, 3, 2, 2, 2 on two machines it makes 7, where 6 is possible: the result has both."""
    result = solved(algorithm, asked([3, 3, 2, 2, 2], 2), 1)

    assert (result["comparison"]["value"], result["bound"], result["makespan"]) == (7, 6, 6)


def test_an_integer_may_be_written_with_a_point() -> None:
    """5.0 is an integer to JSON Schema, so it is one duration."""
    given_ = asked([5, 3, 2], 2)
    given_["jobs"][0]["duration"] = 5.0

    assert solved(algorithm, given_, 1, name="machine_scheduling")["makespan"] == 5


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"machines": ["A", "B", "A"]}, "/input/machines/2", "Two machines have the name 'A'"),
        (
            {"jobs": [{"name": "a", "duration": 1}, {"name": "a", "duration": 2}]},
            *("/input/jobs/1/name", "Two jobs have the name 'a'"),
        ),
    ],
)
def test_names_that_come_twice_are_refused(change: JSONObject, pointer: str, words: str) -> None:
    """A schedule would not say which one is meant."""
    with pytest.raises(InputRejectedError, match=words) as refused:
        algorithm.start(Inputs(asked([1, 2], 2) | change, 100))

    assert [one.pointer for one in refused.value.violations] == [pointer]


@pytest.mark.parametrize(
    ("target", "machines", "most", "words"),
    [
        (NOISELESS, 2, 17, "18 jobs on 2 machines are too many for noiseless simulators"),
        (NOISELESS, 3, 9, "10 jobs on 3 machines are too many for noiseless simulators"),
        (NOISY, 2, 11, "12 jobs on 2 machines are too many for noisy simulators: at most 11"),
        (NOISY, 4, 6, "7 jobs on 4 machines are too many for noisy simulators: at most 6"),
        (SYNTAX_CHECKER, 2, 17, "18 jobs on 2 machines are too many for syntax checkers"),
        (DEVICE, 2, 12, "13 jobs on 2 machines are too many for quantum computers"),
        (DEVICE, 4, 7, "8 jobs on 4 machines are too many for quantum computers: at most 7"),
    ],
)
def test_too_many_jobs_are_refused_with_the_figure(
    target: Any,  # noqa: ANN401 - facts of a target
    machines: int,
    most: int,
    words: str,
) -> None:
    """One more than a kind of target takes is one too many, and as many are not."""
    with pytest.raises(InputRejectedError, match=words):
        algorithm.start(Inputs(asked([1] * (most + 1), machines), 100, 1, target))

    assert first_step(algorithm, Inputs(asked([1] * most, machines), 100, 1, target)).circuits


def test_readings_of_no_machine_are_left_out_and_counted() -> None:
    """With noise some jobs are on the fourth of three machines; the others still count."""
    result = solved_with_noise(algorithm, asked([6, 5, 4, 1], 3), 1)

    readings = result["readings"]
    assert 0.7 < readings["feasible"] < 1
    assert readings["total"] == 300
    assert (
        f"best of {round(readings['feasible'] * 300)} random" in result["baseline"]["description"]
    )
    assert readings["betterThanChance"] == "Shown"
    assert result["makespan"] == 6


def test_without_a_schedule_there_is_no_answer() -> None:
    """Readings of which none is feasible end the job with that reason."""
    inputs = Inputs(asked([6, 5, 4, 1], 3), 10, 1, NOISY)
    step = first_step(algorithm, inputs)

    with pytest.raises(AlgorithmError, match="None of the 10 readings is feasible"):
        algorithm.resume(inputs, step.state, [Counts({"110000": 10})])


def test_readings_at_random_are_not_better_than_chance() -> None:
    """A uniform device finds the optimum too; a schedule that is not one is not verified."""
    inputs = Inputs(asked([6, 5, 4, 1], 3), 64, 1, NOISELESS)
    step = first_step(algorithm, inputs)
    every = {f"{number:06b}": 1 for number in range(64)}

    found = finished(algorithm.resume(inputs, step.state, [Counts(every)]))
    missed = finished(algorithm.resume(inputs, step.state, [Counts({"000000": 64})]))

    assert (found["makespan"], found["readings"]["betterThanChance"]) == (6, "NotShown")
    assert found["readings"]["feasible"] == 27 / 64
    assert (missed["makespan"], missed["verified"]["status"]) == (16, "NotVerified")
    assert missed["gap"] == pytest.approx(10 / 6)
