"""Phase estimation: the phase that a gate gives its eigenstate, robust against noise or not."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.phase_estimation import robust, textbook
from algorithms.phase_estimation.circuits import hadamard_tests, textbook_circuit
from algorithms.phase_estimation.report import of_a_reading, of_tests, without_contrast
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size

LARGEST = {Kind.SIMULATOR: 10, Kind.NOISY_SIMULATOR: 8, Kind.HARDWARE: 8, Kind.SYNTAX_CHECKER: 10}
"""Bits of the method Textbook; the other one has no limit of its own."""


class PhaseEstimation:
    """One step: two circuits for each bit, or a single one with a Fourier transform."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuits of the method that was asked for.

        Raises:
            InputRejectedError: there are too many bits for the method and the target.

        """
        phase, bits = float(inputs.input["phase"]), _bits(inputs)
        if inputs.input["method"] == "Robust":
            return Execute(hadamard_tests(phase, bits))
        check_size(inputs, bits, LARGEST, "bits of the method Textbook", "/input/bits")
        return Execute([textbook_circuit(phase, bits)])

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return the phase.

        Raises:
            AlgorithmError: a circuit has no reading.

        """
        if not all(counts.total for counts in outcomes):
            raise AlgorithmError("A circuit returned no readings, so there is no phase.")
        phase, bits = float(inputs.input["phase"]), _bits(inputs)
        if inputs.input["method"] == "Textbook":
            reading = textbook.most_frequent(outcomes[0], bits)
            return Finish(of_a_reading(phase, bits, reading, outcomes[0]))
        estimate = robust.estimate(outcomes)
        if estimate is None:
            return Finish(without_contrast(phase, bits))
        return Finish(of_tests(phase, bits, estimate))


algorithm = PhaseEstimation()


def _bits(inputs: Inputs) -> int:
    # A schema's integer may be written 5.0, which JSON reads as a float.
    return int(inputs.input["bits"])
