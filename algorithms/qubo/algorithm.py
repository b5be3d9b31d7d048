"""Quadratic unconstrained binary optimisation by the quantum approximate optimisation algorithm."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from algorithms.qubo.picture import picture
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods import evidence
from qjobs.methods.ising import Ising, of_matrix
from qjobs.methods.limits import check_size, rejected
from qjobs.methods.mixers import FlipMixer
from qjobs.methods.qaoa import Ansatz, layers_for
from qjobs.methods.qaoa_search import Found, Search
from qjobs.methods.spectrum import Solutions, Spectrum, optimisation

_MOST_VARIABLES = {
    Kind.SIMULATOR: 20,
    Kind.NOISY_SIMULATOR: 10,
    Kind.HARDWARE: 20,
    Kind.SYNTAX_CHECKER: 20,
}
_MOST_PAIRS = {Kind.HARDWARE: 60}
_ASSIGNMENTS = Solutions("assignment", "assignments")

type Matrix = Sequence[Sequence[float]]


class QUBO:
    """A qubit for each variable, read as its value."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the first circuit.

        Raises:
            InputRejectedError: the matrix is not square, too large for the target, or a constant.

        """
        matrix = _square(inputs.input["matrix"])
        check_size(inputs, len(matrix), _MOST_VARIABLES, "variables", "/input/matrix")
        cost = of_matrix(matrix)
        check_size(inputs, len(cost.couplings), _MOST_PAIRS, "pairs", "/input/matrix")
        if not cost.scale:
            raise rejected(
                "All entries are zero, or cancel each other, so that every assignment is as good.",
                "/input/matrix",
            )
        return _search(inputs, matrix, cost).first()

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the assignment, or the next circuit of the search for angles.

        Raises:
            AlgorithmError: there are no readings.

        """
        matrix = inputs.input["matrix"]
        return _search(inputs, matrix, of_matrix(matrix)).next(state, outcomes)


algorithm = QUBO()


def _square(matrix: Matrix) -> Matrix:
    for number, row in enumerate(matrix):
        if len(row) != len(matrix):
            raise rejected(
                f"The matrix has {len(matrix)} rows, so this one takes {len(matrix)} numbers; "
                f"it has {len(row)}.",
                f"/input/matrix/{number}",
            )
    return matrix


def _value(matrix: Matrix, variables: Sequence[int]) -> float:
    chosen = [place for place, variable in enumerate(variables) if variable]
    return math.fsum(matrix[i][j] for i in chosen for j in chosen)


def _search(inputs: Inputs, matrix: Matrix, cost: Ising) -> Search:
    maximised = inputs.input["sense"] == "Maximise"
    # A circuit lowers its cost: a gain is a cost with the opposite sign.
    lowered = of_matrix((-np.array(matrix)).tolist()) if maximised else cost
    mixer = FlipMixer(len(matrix))
    ansatz = Ansatz(mixer.qubits, lowered, mixer, layers_for(inputs, lowered, mixer))
    spectrum, comparison = evidence.compared(
        "Enumeration of all assignments, which finds the best.",
        lambda: Spectrum(cost.energies(), maximised),
    )

    def result(found: Found) -> JSONObject:
        variables = [int(bit) for bit in reversed(found.reading)]
        value = _value(matrix, variables)
        return {
            "variables": variables,
            "value": value,
            "readings": found.sampled.readings(spectrum),
            "layers": ansatz.layers,
            "twoQubitGates": ansatz.two_qubit_gates,
            "circuits": found.circuits,
            **optimisation(spectrum, value, found.feasible, _ASSIGNMENTS),
            "comparison": comparison | {"value": spectrum.best},
            "svg": picture(found.sampled, spectrum, value),
        }

    return Search(inputs, ansatz, spectrum, result)
