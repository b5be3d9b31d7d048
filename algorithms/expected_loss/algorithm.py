"""Amplitude estimation of the expected loss of a portfolio: one step, an interval that covers."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.expected_loss.amplification import amplified, calibrations, powers, two_qubit_gates
from algorithms.expected_loss.likelihood import Misread, Reading
from algorithms.expected_loss.outcome import certain, document
from algorithms.expected_loss.portfolio import Portfolio
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size, kind_of

_ASSETS = {Kind.SIMULATOR: 6, Kind.NOISY_SIMULATOR: 3, Kind.HARDWARE: 3}
_GATES = {Kind.SIMULATOR: 4000, Kind.NOISY_SIMULATOR: 500, Kind.HARDWARE: 500}
_CIRCUITS = {Kind.SIMULATOR: 5, Kind.NOISY_SIMULATOR: 4}
_CIRCUITS_ELSEWHERE = 3


class ExpectedLoss:
    """Runs all powers of the Grover operator in one step, and explains their counts together.

    Where readings may be wrong, two circuits more calibrate the reading of the objective qubit.
    """

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the circuits, the power of which doubles from each to the next.

        Raises:
            InputRejectedError: there are too many assets or circuits for the target.

        """
        portfolio, number = Portfolio.of(inputs.input), _circuits(inputs)
        assets = len(portfolio.losses)
        check_size(inputs, assets, _ASSETS, "assets", "/input/assets")
        gates = two_qubit_gates(assets, powers(number)[-1])
        check_size(inputs, gates, _GATES, "gates on two qubits", "/input/circuits")
        if not portfolio.total:
            return Finish(certain())
        preparation = portfolio.preparation()
        circuits = [amplified(preparation, power) for power in powers(number)]
        if _is_noisy(inputs):
            circuits += calibrations(preparation.num_qubits)
        return Execute(circuits)

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return the expected loss.

        Raises:
            AlgorithmError: a circuit has no reading.

        """
        if not all(counts.total for counts in outcomes):
            raise AlgorithmError("A circuit returned no readings, so there is no expected loss.")
        number = _circuits(inputs)
        readings = [
            Reading(power, counts.readings.get("1", 0), counts.total)
            for power, counts in zip(powers(number), outcomes, strict=False)
        ]
        misread = None
        if _is_noisy(inputs):
            zero, one = outcomes[number:]
            misread = Misread(zero.frequency("1"), one.frequency("0"))
        return Finish(document(Portfolio.of(inputs.input), readings, misread))


algorithm = ExpectedLoss()


def _circuits(inputs: Inputs) -> int:
    asked = inputs.input.get("circuits")
    return int(asked or _CIRCUITS.get(kind_of(inputs), _CIRCUITS_ELSEWHERE))


def _is_noisy(inputs: Inputs) -> bool:
    """Return whether readings may be wrong: also where nothing is known of the target."""
    return inputs.target is None or inputs.target.noisy
