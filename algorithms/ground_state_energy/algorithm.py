"""Variational quantum eigensolver: the least energy of a Hamiltonian, within error bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from algorithms.ground_state_energy.ansatz import folded
from algorithms.ground_state_energy.measurement import (
    GroupEnergy,
    circuits_of,
    group_energies,
    pooled,
    shots_for,
    total,
)
from algorithms.ground_state_energy.mitigation import mitigated
from algorithms.ground_state_energy.outcome import Found, document
from algorithms.ground_state_energy.problem import MOST_SHOTS, Problem
from algorithms.ground_state_energy.search import Evaluation
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.methods.readout import calibration_circuits
from qjobs.methods.searching import Measured


class GroundState:
    """Searches the angles of an ansatz, then measures the energy there with more readings.

    The state has the energies measured so far, from which the search follows, and then the angles
    found. With a precision, the last measurement is repeated until its error is small enough: each
    time the deviations so far tell how many more readings each group takes.
    """

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the first energies of the search.

        Raises:
            InputRejectedError: the Hamiltonian cannot be computed, or is too large for the target.

        """
        problem = Problem.of(inputs)
        state = {"stage": "Search", "steps": 0, "shots": 0, "known": [], "best": None}
        if not problem.groups:
            return Finish(document(problem, Found.of_a_constant(problem)))
        return _search(inputs, problem, state)

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the next energies of the search, or the result.

        Raises:
            AlgorithmError: a circuit has no reading.

        """
        if not all(counts.total for counts in outcomes):
            raise AlgorithmError("A circuit returned no readings, so there is no energy.")
        problem = Problem.of(inputs)
        state = {
            **state,
            "steps": state["steps"] + 1,
            "shots": state["shots"] + sum(counts.total for counts in outcomes),
        }
        if state["stage"] == "Search":
            return _search(inputs, problem, _with_energies(problem, state, outcomes))
        if problem.is_adaptive:
            return _more(problem, _with_readings(problem, state, outcomes))
        known = _evaluations(state)
        return Finish(document(problem, _found(problem, state["angles"], known, outcomes)))


algorithm = GroundState()

_MOST_STEPS = 110
"""Of limits.steps, after which no more readings are added."""


def _search(inputs: Inputs, problem: Problem, state: JSONObject) -> Execute:
    position = problem.search.after(_evaluations(state))
    if not position.points:
        final = {**state, "stage": "Final", "angles": position.found, "groups": None}
        return _measured(inputs, problem, final, problem.final_shots(inputs))
    circuits = [
        circuit
        for point in position.points
        for circuit in circuits_of(problem.ansatz.circuit(point), problem.groups)
    ]
    planned = problem.search.planned_steps + (2 if problem.is_adaptive else 1)
    return Execute(
        circuits,
        {**state, "points": position.points},
        shots=problem.shots,
        progress=_progress(state, max(planned, state["steps"] + 2)),
        best=_best(problem, state),
    )


def _with_energies(problem: Problem, state: JSONObject, outcomes: Sequence[Counts]) -> JSONObject:
    """Return the state with the energies of the points of a step."""
    known, best, size = list(state["known"]), state["best"], len(problem.groups)
    for number, point in enumerate(state["points"]):
        energies = group_energies(problem.groups, outcomes[number * size : (number + 1) * size])
        energy = total(energies, problem.hamiltonian.constant)
        known.append({"point": point, "value": energy.value, "error": energy.error})
        if best is None or energy.value < best["value"]:
            best = {
                "angles": point,
                "value": energy.value,
                "groups": [_stored(e) for e in energies],
            }
    return {**state, "known": known, "best": best, "points": []}


def _with_readings(problem: Problem, state: JSONObject, outcomes: Sequence[Counts]) -> JSONObject:
    """Return the state with the readings of a step of the last measurement."""
    measured = dict(zip(state["measured"], outcomes, strict=True))
    groups = []
    for number, group in enumerate(problem.groups):
        before = state["groups"] and GroupEnergy(**state["groups"][number])
        if number not in measured:
            groups.append(before)
            continue
        energy = group_energies([group], [measured[number]])[0]
        groups.append(pooled(before, energy) if before else energy)
    return {**state, "groups": [_stored(one) for one in groups]}


def _more(problem: Problem, state: JSONObject) -> Execute | Finish:
    """Return the readings that are missing, or the result if none are or no more are allowed."""
    groups = [GroupEnergy(**one) for one in state["groups"]]
    energy = total(groups, problem.hamiltonian.constant)
    precision = float(problem.precision or 1.0)
    found = Found(state["angles"], _evaluations(state), groups, energy, energy)
    # Somewhat less than the precision is aimed at, so that this is seldom done twice.
    wanted = shots_for(groups, 0.98 * precision)
    missing = [max(0, number - one.readings) for number, one in zip(wanted, groups, strict=True)]
    allowed = MOST_SHOTS - state["shots"]
    if sum(missing) > allowed:
        missing = [number * allowed // sum(missing) for number in missing]
    places = [place for place, number in enumerate(missing) if number > 0]
    if energy.error <= precision or not places or state["steps"] >= _MOST_STEPS:
        return Finish(document(problem, found))
    circuits = circuits_of(problem.ansatz.circuit(state["angles"]), problem.groups)
    return Execute(
        [circuits[place] for place in places],
        {**state, "measured": places},
        shots=[missing[place] for place in places],
        progress=Progress(state["steps"] + 1, energy.value, energy.error),
        best=document(problem, found),
    )


def _measured(inputs: Inputs, problem: Problem, state: JSONObject, shots: Sequence[int]) -> Execute:
    """Return the last step; with noise also with three times the gates, and the calibration."""
    prepared = problem.ansatz.circuit(state["angles"])
    circuits, each = circuits_of(prepared, problem.groups), list(shots)
    if problem.noisy:
        circuits += circuits_of(folded(prepared), problem.groups)
        calibration = calibration_circuits(problem.hamiltonian.qubits)
        each = [*each, *each, *([inputs.shots] * len(calibration))]
        circuits += calibration
    return Execute(
        circuits,
        {**state, "measured": list(range(len(problem.groups)))},
        shots=each,
        progress=_progress(state, state["steps"] + (2 if problem.is_adaptive else 1)),
        best=_best(problem, state),
    )


def _found(
    problem: Problem,
    angles: Sequence[float],
    known: Sequence[Evaluation],
    outcomes: Sequence[Counts],
) -> Found:
    size, constant = len(problem.groups), problem.hamiltonian.constant
    energies = group_energies(problem.groups, outcomes[:size])
    raw = total(energies, constant)
    if not problem.noisy:
        return Found(list(angles), known, energies, raw, raw)
    corrected, energy = mitigated(problem.groups, outcomes, constant, problem.hamiltonian.qubits)
    return Found(list(angles), known, energies, raw, energy, corrected)


def _best(problem: Problem, state: JSONObject) -> JSONObject | None:
    """Return the result if the job ends before the step; None before there is an energy."""
    best = state["best"]
    if best is None:
        return None
    energies = [GroupEnergy(**one) for one in best["groups"]]
    energy = total(energies, problem.hamiltonian.constant)
    return document(
        problem,
        Found(best["angles"], _evaluations(state), energies, energy, energy, complete=False),
    )


def _progress(state: JSONObject, steps: int) -> Progress:
    known = state["known"]
    least = min(known, key=lambda one: one["value"], default={"value": None, "error": None})
    return Progress(steps, least["value"], least["error"])


def _evaluations(state: JSONObject) -> list[Evaluation]:
    return [
        Evaluation(one["point"], Measured(one["value"], one["error"])) for one in state["known"]
    ]


def _stored(energy: GroupEnergy) -> dict[str, Any]:
    return {
        "value": energy.value,
        "deviation": energy.deviation,
        "range": energy.range,
        "readings": energy.readings,
    }
