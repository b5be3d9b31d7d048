"""Search of the rotation that reads a 1 with a given probability: a loop of small steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.methods import evidence
from qjobs.methods.statistics import CONFIDENCE, Interval, normal_interval, share_error

_ONES = "1"
"""The reading whose probability is wanted: every qubit is read as 1."""
_AGREEMENT = 0.999
"""Confidence of the interval in which the exact angle has to be."""


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
    # The standard error: of an angle somewhere in the interval that is left, and of the readings.
    error = math.hypot((state["high"] - state["low"]) / math.sqrt(12), _error(inputs.shots))
    return Execute(
        [circuit],
        state,
        # What the caller sees meanwhile, and gets if the budget does not allow this step.
        progress=Progress(inputs.input["steps"], value=_middle(state), uncertainty=error),
        best=_result(inputs, state) if state["last"] else None,
    )


def _result(inputs: Inputs, state: JSONObject) -> JSONObject:
    """Return the result so far, with the evidence that every result of the catalogue has."""
    wanted, last = inputs.input["probability"], state["last"]
    angle, ones, shots = last["angle"], last["ones"], last["shots"]
    exact, comparison = evidence.compared(
        "The closed formula, 2 asin sqrt(probability)", lambda: 2 * math.asin(math.sqrt(wanted))
    )
    limits = f"the error of the readings ({100 * _AGREEMENT} % confidence) and the last step"
    if exact in _interval(state, _AGREEMENT):
        verified = evidence.verified(f"The closed formula gives this angle, within {limits}.")
    else:
        verified = evidence.not_verified(f"The closed formula gives an angle beyond {limits}.")
    return {
        "angle": angle,
        "probability": ones / shots,
        "verified": verified,
        "comparison": comparison,
        "baseline": evidence.baseline("The middle of all angles, without readings", math.pi / 2),
        "uncertainty": evidence.uncertainty(_interval(state, CONFIDENCE), _error(shots)),
        "svg": bar_chart(
            f"Rotation by {angle:.4f} radians",
            f"share of the reading {_ONES}",
            [Bar("wanted", wanted), Bar("measured", ones / shots, share_error(ones, shots))],
        ),
    }


def _error(shots: int) -> float:
    """Return the standard error of the angle that so many readings tell.

    That of the probability p is sqrt(p (1 - p) / shots), and p = sin^2(angle / 2) grows by
    sqrt(p (1 - p)) with the angle.
    """
    return 1 / math.sqrt(shots)


def _interval(state: JSONObject, confidence: float) -> Interval:
    """Return the interval of the angle: of the readings, widened by the last step at both ends."""
    last, step = state["last"], math.pi / 2 ** state["steps"]
    readings = normal_interval(last["angle"], _error(last["shots"]), confidence)
    lower, upper = max(readings.lower - step, 0.0), min(readings.upper + step, math.pi)
    return Interval(lower, upper, confidence)


def _middle(state: JSONObject) -> float:
    return float(state["low"] + state["high"]) / 2


algorithm = Bisection()
