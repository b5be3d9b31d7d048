"""Variational quantum eigensolver: the least energy of a Hamiltonian, within error bars."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.ground_state_energy.final import (
    first_readings,
    found_with,
    more_or_result,
    with_readings,
)
from algorithms.ground_state_energy.loop_state import best, evaluations, progress, stored
from algorithms.ground_state_energy.measurement import circuits_of, group_energies, total
from algorithms.ground_state_energy.outcome import Found, document
from algorithms.ground_state_energy.problem import Problem
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError


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
            return more_or_result(problem, with_readings(problem, state, outcomes))
        known = evaluations(state)
        return Finish(document(problem, found_with(problem, state["angles"], known, outcomes)))


algorithm = GroundState()


def _search(inputs: Inputs, problem: Problem, state: JSONObject) -> Execute:
    position = problem.search.after(evaluations(state))
    if not position.points:
        final = {**state, "stage": "Final", "angles": position.found, "groups": None}
        return first_readings(problem, final, problem.final_shots(inputs))
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
        progress=progress(state, max(planned, state["steps"] + 2)),
        best=best(problem, state),
    )


def _with_energies(problem: Problem, state: JSONObject, outcomes: Sequence[Counts]) -> JSONObject:
    """Return the state with the energies of the points of a step."""
    known, least, size = list(state["known"]), state["best"], len(problem.groups)
    for number, point in enumerate(state["points"]):
        energies = group_energies(problem.groups, outcomes[number * size : (number + 1) * size])
        energy = total(energies, problem.hamiltonian.constant)
        known.append({"point": point, "value": energy.value, "error": energy.error})
        if least is None or energy.value < least["value"]:
            least = {
                "angles": point,
                "value": energy.value,
                "groups": [stored(e) for e in energies],
            }
    return {**state, "known": known, "best": least, "points": []}
