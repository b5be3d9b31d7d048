"""Grover's search: an assignment of variables that satisfies a condition, read from one circuit."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.grover.amplification import Amplification, search_circuit
from algorithms.grover.condition import condition_of
from algorithms.grover.report import Search, from_readings, without_readings
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.methods.evidence import compared


class Grover:
    """One circuit, unless no assignment is a solution, or every one is."""

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the circuit that reads a solution; the result if no circuit can help.

        Raises:
            InputRejectedError: the input has no condition or two, or one that does not fit.

        """
        search = _search(inputs)
        amplification = search.amplification
        if amplification is None:
            return Finish(without_readings(search))
        return Execute([search_circuit(search.solutions, search.variables, amplification)])

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return the solution that was read most often, and the share of solutions.

        Raises:
            AlgorithmError: there are no readings.

        """
        if not outcomes[0].total:
            raise AlgorithmError("No shot gave a reading, so there is no assignment to check.")
        return Finish(from_readings(_search(inputs), outcomes[0]))


algorithm = Grover()


def _search(inputs: Inputs) -> Search:
    condition = condition_of(inputs)
    assignments = 1 << condition.variables
    solutions, comparison = compared(
        f"Trying all {assignments} assignments, one after the other", condition.solutions
    )
    comparison["value"] = len(solutions)
    some = 0 < len(solutions) < assignments
    noisy = inputs.target is None or inputs.target.noisy
    amplification = Amplification.of(len(solutions), assignments, noisy=noisy) if some else None
    return Search(condition, solutions, comparison, amplification)
