"""The result of a job: the energy with its error bar, and the evidence beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit.quantum_info import Statevector

from algorithms.ground_state_energy.measurement import GroupEnergy
from algorithms.ground_state_energy.picture import picture
from algorithms.ground_state_energy.problem import Problem
from algorithms.ground_state_energy.search import Evaluation
from qjobs.domain.algorithm import JSONObject
from qjobs.methods import evidence
from qjobs.methods.searching import Measured
from qjobs.methods.statistics import normal_interval

_TOLERATED = 3
"""Standard errors between the measured and the exact energy."""
_COARSE = 0.05
"""Of the distance from the mean of all states to the ground state: what three standard errors may
be, for an agreement to say something."""


@dataclass(frozen=True, slots=True)
class Found:
    """The state that was found, and its energy."""

    angles: list[float]
    known: Sequence[Evaluation]
    groups: Sequence[GroupEnergy]
    """As they were read."""
    raw: Measured
    energy: Measured
    """The answer: the raw energy, or the one after mitigation."""
    corrected: Measured | None = None
    """With corrected readings, before the extrapolation; None without mitigation."""
    complete: bool = True
    """Whether the energy was measured anew after the search."""

    @classmethod
    def of_a_constant(cls, problem: Problem) -> Found:
        """Return the energy of a Hamiltonian without terms."""
        energy = Measured(problem.hamiltonian.constant)
        return cls([], [], [], energy, energy)


def document(problem: Problem, found: Found) -> JSONObject:
    """Return the result as JSON."""
    hamiltonian, ansatz = problem.hamiltonian, problem.ansatz
    exact, comparison = evidence.compared(
        "Diagonalisation of the Hamiltonian", hamiltonian.exact_ground_energy
    )
    begin = _energy_of(problem, ansatz.start)
    energy, interval = found.energy, normal_interval(found.energy.value, found.energy.error)
    name = "answer" if found.complete else "answer so far"
    return {
        "energy": energy.value,
        "difference": energy.value - exact,
        "startEnergy": begin,
        "state": {
            "ansatz": ansatz.kind,
            "angles": found.angles,
            "gatesOnTwoQubits": int(ansatz.circuit(ansatz.start).num_nonlocal_gates()),
            "search": problem.search.method,
            "evaluations": len(found.known),
        },
        "groups": [
            {
                "basis": group.basis,
                "energy": one.value,
                "standardError": one.error,
                "readings": one.readings,
            }
            for group, one in zip(problem.groups, found.groups, strict=False)
        ],
        "mitigation": _mitigation(found),
        "precision": _precision(problem, found),
        "verified": _verified(problem, found, exact),
        "comparison": comparison,
        "baseline": evidence.baseline(
            "The mean energy of all states, which random readings have", hamiltonian.constant
        ),
        "uncertainty": evidence.uncertainty(interval, energy.error),
        "svg": picture(found.known, (name, energy, interval), (exact, begin)),
    }


def _energy_of(problem: Problem, angles: Sequence[float]) -> float:
    """Return the energy of a state, computed classically."""
    if not problem.groups:
        return problem.hamiltonian.constant
    state = Statevector(problem.ansatz.circuit(angles))
    mean = state.expectation_value(problem.hamiltonian.operator)
    return float(np.real(mean)) + problem.hamiltonian.constant


def _mitigation(found: Found) -> JSONObject:
    mitigation: JSONObject = {
        "method": "ReadoutAndExtrapolation" if found.corrected else "None",
        "rawEnergy": found.raw.value,
        "rawStandardError": found.raw.error,
    }
    if found.corrected:
        mitigation["readoutCorrectedEnergy"] = found.corrected.value
    return mitigation


def _precision(problem: Problem, found: Found) -> JSONObject:
    wanted = problem.precision
    if not wanted:
        return {"status": "NotAsked"}
    reached = found.complete and found.energy.error <= wanted
    return {"status": "Reached" if reached else "NotReached", "wanted": wanted}


def _verified(problem: Problem, found: Found, exact: float) -> JSONObject:
    if not found.groups:
        return evidence.verified("The Hamiltonian is a constant; no circuit was run.")
    energy, error = found.energy.value, found.energy.error
    if not found.complete:
        return evidence.not_verified(
            "The job ended before its last measurement. This is the least of the energies measured "
            "while searching, which chance makes too low rather than too high."
        )
    if energy - exact > _TOLERATED * error:
        # Known of the state without noise: which of the two it is.
        ideal = _energy_of(problem, found.angles)
        cause = (
            "noise, which raises energies"
            if energy - ideal > _TOLERATED * error
            else "the states of the ansatz or the search; more layers or evaluations may help"
        )
        return evidence.not_verified(
            f"It is {energy - exact:.2g} above the exact ground energy, "
            f"{(energy - exact) / error:.1f} standard errors. The cause is {cause}."
        )
    if exact - energy > _TOLERATED * error:
        return evidence.not_verified(
            f"It is {exact - energy:.2g} below the exact ground energy, more than three standard "
            "errors, which no state is: the readings are wrong."
        )
    if _TOLERATED * error > _COARSE * abs(problem.hamiltonian.constant - exact):
        remedy = "noise limits it" if found.corrected else "take more shots, or ask for a precision"
        return evidence.not_verified(
            "It agrees with the exact ground energy, but its error is too large for that to say "
            f"much; {remedy}."
        )
    return evidence.verified(
        "It agrees with the exact ground energy, by diagonalisation, within three standard errors."
    )
