"""Search of the rotation that reads a 1 with a given probability: a loop of small steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.methods import evidence
from qjobs.methods.statistics import share_error, share_interval

_ONES = "1"
"""The reading whose probability is wanted: every qubit is read as 1."""


class Bisection:
    """Halves an interval of angles in each step.

    The state holds the interval, the number of steps so far and the last readings. It is JSON, and
    all that is kept between two steps: numbers, texts, lists and objects with names.
    """

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the first step: its circuits, and the state that `resume` gets with their counts.

        Input that the schema cannot rule out is refused here, with `InputRejectedError`.
        """
        return _step(inputs, {"low": 0.0, "high": math.pi, "steps": 0, "last": None})

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the next step, or the result.

        Raises:
            AlgorithmError: there are no readings.

        """
        counts = outcomes[0]  # one for each circuit of the step
        if not counts.total:
            raise AlgorithmError("No shot gave a reading.")
        angle, ones = _middle(state), counts.readings.get(_ONES, 0)
        # The probability of a 1 grows with the angle, from 0 to pi.
        half = "low" if ones / counts.total < inputs.input["probability"] else "high"
        last = {"angle": angle, "ones": ones, "shots": counts.total}
        state = {**state, half: angle, "steps": state["steps"] + 1, "last": last}
        if state["steps"] < inputs.input["steps"]:
            return _step(inputs, state)
        return Finish(_result(inputs, state))


def _step(inputs: Inputs, state: JSONObject) -> Execute:
    circuit = QuantumCircuit(1)
    circuit.ry(_middle(state), 0)
    circuit.measure_all()
    width = (state["high"] - state["low"]) / 2
    return Execute(
        [circuit],
        state,
        # What the caller sees meanwhile, and gets if the budget does not allow this step.
        progress=Progress(inputs.input["steps"], value=_middle(state), uncertainty=width),
        best=_result(inputs, state) if state["last"] else None,
    )


def _result(inputs: Inputs, state: JSONObject) -> JSONObject:
    """Return the result so far, with the evidence that every result of the catalogue has."""
    wanted, last = inputs.input["probability"], state["last"]
    angle, ones, shots = last["angle"], last["ones"], last["shots"]
    exact, comparison = evidence.compared(
        "The closed formula, 2 asin sqrt(probability)", lambda: 2 * math.asin(math.sqrt(wanted))
    )
    if abs(angle - exact) <= math.pi / 2 ** state["steps"]:
        verified = evidence.verified("The closed formula gives the angle to within the last step.")
    else:
        verified = evidence.not_verified("The closed formula gives an angle beyond the last step.")
    error = share_error(ones, shots)
    return {
        "angle": angle,
        "probability": ones / shots,
        "verified": verified,
        "comparison": comparison,
        "baseline": evidence.baseline("Share of random readings", 0.5 ** len(_ONES)),
        "uncertainty": evidence.uncertainty(share_interval(ones, shots), error),
        "svg": bar_chart(
            f"Rotation by {angle:.4f} radians",
            f"share of the reading {_ONES}",
            [Bar("wanted", wanted), Bar("measured", ones / shots, error)],
        ),
    }


def _middle(state: JSONObject) -> float:
    return float(state["low"] + state["high"]) / 2


algorithm = Bisection()
