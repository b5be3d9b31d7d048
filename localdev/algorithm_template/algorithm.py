"""Search of the rotation that reads a 1 with a given probability: a loop of small steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError


class Bisection:
    """Halves an interval of angles in each step.

    The state holds the interval, the number of steps so far and the last result. It is JSON, and
    all that is kept between two steps: numbers, texts, lists and objects with names.
    """

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the first step: its circuits, and the state that `resume` gets with their counts.

        Input that the schema cannot rule out is refused here, with `InputRejectedError`.
        """
        return _step(inputs, {"low": 0.0, "high": math.pi, "steps": 0, "result": None})

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
        measured, angle = counts.frequency("1"), _middle(state)
        result = {
            "angle": angle,
            "probability": measured,
            "standardError": math.sqrt(measured * (1 - measured) / counts.total),
        }
        # The probability of a 1 grows with the angle, from 0 to pi.
        half = "low" if measured < inputs.input["probability"] else "high"
        state = {**state, half: angle, "steps": state["steps"] + 1, "result": result}
        if state["steps"] < inputs.input["steps"]:
            return _step(inputs, state)
        return Finish(result)


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
        best=state["result"],
    )


def _middle(state: JSONObject) -> float:
    return float(state["low"] + state["high"]) / 2


algorithm = Bisection()
