"""The last measurement: the energy of the state that was found, with more readings."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.ground_state_energy.ansatz import folded
from algorithms.ground_state_energy.loop_state import best, evaluations, progress, stored
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
from qjobs.domain.algorithm import Counts, Execute, Finish, JSONObject, Progress
from qjobs.methods.readout import calibration_circuits

_MOST_STEPS = 60
"""Those of `limits.steps`, after which no more readings are added."""


def first_readings(problem: Problem, state: JSONObject, shots: Sequence[int]) -> Execute:
    """Return the last step; with noise also with three times the gates, and the calibration."""
    prepared = problem.ansatz.circuit(state["angles"])
    circuits, each = circuits_of(prepared, problem.groups), list(shots)
    if problem.noisy:
        circuits += circuits_of(folded(prepared), problem.groups)
        calibration = calibration_circuits(problem.hamiltonian.qubits)
        each = [*each, *each, *([max(shots)] * len(calibration))]
        circuits += calibration
    return Execute(
        circuits,
        {**state, "measured": list(range(len(problem.groups)))},
        shots=each,
        progress=progress(state, state["steps"] + (2 if problem.is_adaptive else 1)),
        best=best(problem, state),
    )


def with_readings(problem: Problem, state: JSONObject, outcomes: Sequence[Counts]) -> JSONObject:
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
    return {**state, "groups": [stored(one) for one in groups]}


def more_or_result(problem: Problem, state: JSONObject) -> Execute | Finish:
    """Return the readings that are missing, or the result if none are or no more are allowed."""
    groups = [GroupEnergy(**one) for one in state["groups"]]
    energy = total(groups, problem.hamiltonian.constant)
    precision = float(problem.precision or 1.0)
    found = Found(state["angles"], evaluations(state), groups, energy, energy)
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


def found_with(
    problem: Problem,
    angles: Sequence[float],
    known: Sequence[Evaluation],
    outcomes: Sequence[Counts],
) -> Found:
    """Return the state with its energy by the last measurement, mitigated if there is noise."""
    size, constant = len(problem.groups), problem.hamiltonian.constant
    energies = group_energies(problem.groups, outcomes[:size])
    raw = total(energies, constant)
    if not problem.noisy:
        return Found(list(angles), known, energies, raw, raw)
    corrected, energy = mitigated(problem.groups, outcomes, constant, problem.hamiltonian.qubits)
    return Found(list(angles), known, energies, raw, energy, corrected)
