"""Superposition of two emoticons (Grossi, Crippa, Aita et al., arXiv:2107.02007)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qiskit import QuantumCircuit

from algorithms.emoticons.drawing import Reading, draw
from algorithms.emoticons.evidence import evidence_of
from algorithms.emoticons.text import BITS, bits_of, text_of
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError, InputRejectedError, Violation


class Emoticons:
    """One circuit whose readings are one emoticon or the other."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuit.

        Raises:
            InputRejectedError: the emoticons are equal, which leaves nothing to superpose.

        """
        first, second = inputs.input["first"], inputs.input["second"]
        if first == second:
            detail = "The two emoticons must differ."
            raise InputRejectedError(detail, [Violation(detail, pointer="/input/second")])
        return Execute([superposition(bits_of(first), bits_of(second))])

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return what was read.

        Raises:
            AlgorithmError: nothing was.

        """
        [counts] = outcomes
        if not counts.total:
            raise AlgorithmError("The circuit returned no readings, so there is nothing to show.")
        asked = (inputs.input["first"], inputs.input["second"])
        readings = _ranked(counts, [bits_of(emoticon) for emoticon in asked])
        others = sum(reading.count for reading in readings if not reading.asked)
        return Finish(
            {
                "mostFrequent": readings[0].text,
                "noise": others / counts.total,
                "readings": [
                    {
                        "text": reading.text,
                        "bits": reading.bits,
                        "count": reading.count,
                        "frequency": reading.frequency,
                        "asked": reading.asked,
                    }
                    for reading in readings
                ],
                **evidence_of(asked, readings),
                "svg": draw(asked, readings),
            }
        )


algorithm = Emoticons()


def superposition(first: str, second: str) -> QuantumCircuit:
    """Return a circuit that reads the bits *first* or *second*, which differ, half the time each.

    Where the two agree a qubit is set or left alone. The others are entangled along a chain:
    all of them read what *first* says, or all what *second* says.
    """
    circuit = QuantumCircuit(BITS, BITS)
    # Qiskit writes the last bit first, so the last qubit holds the first bit of the text.
    pairs = list(zip(reversed(first), reversed(second), strict=True))
    different = [qubit for qubit, (one, other) in enumerate(pairs) if one != other]
    circuit.h(different[0])
    for qubit, following in pairwise(different):
        circuit.cx(qubit, following)
    for qubit, (one, other) in enumerate(pairs):
        # The chain above makes equal bits; flip those that differ from its head in `first`.
        opposite = one != other and one != pairs[different[0]][0]
        if one == other == "1" or opposite:
            circuit.x(qubit)
    circuit.measure(range(BITS), range(BITS))
    return circuit


def _ranked(counts: Counts, asked: list[str]) -> list[Reading]:
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    return [
        Reading(text_of(bits), bits, count, counts.frequency(bits), asked=bits in asked)
        for bits, count in ranked
        if count
    ]
