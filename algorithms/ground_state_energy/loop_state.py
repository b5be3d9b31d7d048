"""Parts of the state of a job between two steps, and the callers' view of it."""

from __future__ import annotations

from typing import Any

from algorithms.ground_state_energy.measurement import GroupEnergy, total
from algorithms.ground_state_energy.outcome import Found, document
from algorithms.ground_state_energy.problem import Problem
from algorithms.ground_state_energy.search import Evaluation
from qjobs.domain.algorithm import JSONObject, Progress
from qjobs.methods.searching import Measured


def evaluations(state: JSONObject) -> list[Evaluation]:
    """Return the energies that were measured while searching."""
    return [
        Evaluation(one["point"], Measured(one["value"], one["error"])) for one in state["known"]
    ]


def stored(energy: GroupEnergy) -> dict[str, Any]:
    """Return the energy of a group as JSON, the arguments of the class by their names."""
    return {
        "value": energy.value,
        "deviation": energy.deviation,
        "range": energy.range,
        "readings": energy.readings,
    }


def progress(state: JSONObject, steps: int) -> Progress:
    """Return the progress of a job that takes so many steps: the least energy so far."""
    known = state["known"]
    least = min(known, key=lambda one: one["value"], default={"value": None, "error": None})
    return Progress(steps, least["value"], least["error"])


def best(problem: Problem, state: JSONObject) -> JSONObject | None:
    """Return the result if the job ends before the step; None before there is an energy."""
    least = state["best"]
    if least is None:
        return None
    energies = [GroupEnergy(**one) for one in least["groups"]]
    energy = total(energies, problem.hamiltonian.constant)
    return document(
        problem,
        Found(least["angles"], evaluations(state), energies, energy, energy, complete=False),
    )
