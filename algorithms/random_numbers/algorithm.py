"""Unbiased integers from a range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from qiskit import QuantumCircuit

from algorithms.random_numbers.drawing import draw
from algorithms.random_numbers.evidence import evidence_of, source_of
from algorithms.random_numbers.extraction import Range, accept, candidates, is_sampled, words
from algorithms.random_numbers.layout import MOST_CIRCUITS, fewest_shots, layout
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.methods.limits import rejected

_MOST_ROUNDS = 5
"""The second is hardly ever needed: five in vain mean that the readings are not random."""


class RandomNumbers:
    """Circuits that read qubits in equal superposition, in another round if numbers are missing.

    The state holds the numbers so far and what they took, the size of the labels, and digests of
    all readings so far.
    """

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Return the circuits, or the answer if the range leaves no choice.

        Raises:
            InputRejectedError: the range is empty, or the numbers take too many circuits.

        """
        wanted, count = _request(inputs)
        if not wanted.size > 0:
            raise rejected("The maximum must not be less than the minimum.", "/input/maximum")
        spent = {"bitsMeasured": 0, "onesMeasured": 0, "bitsExtracted": 0, "numbersRejected": 0}
        if not wanted.bits:
            return _answer(inputs, [wanted.minimum] * count, spent)
        if layout(wanted, count, inputs.shots).circuits > MOST_CIRCUITS:
            shots = fewest_shots(wanted, count)
            raise rejected(f"So many numbers of this size take at least {shots} shots.", "/shots")
        return _round(inputs, {"numbers": [], "spent": spent, "rounds": 0, "seen": []})

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the numbers, or circuits for those that are missing.

        Raises:
            AlgorithmError: the readings are not random, or there are none.

        """
        seen = state["seen"] + _digests(outcomes)
        if len(set(seen)) < len(seen):
            raise AlgorithmError(
                "Two circuits returned exactly the same readings, so they are not independent. "
                "Simulators do that with a seed: leave it out, or ask for fewer numbers."
            )
        wanted, count = _request(inputs)
        bits = "".join(word for one in outcomes for word in words(one, state["labelBits"]))
        numbers, refused = accept(
            candidates(bits, wanted.bits), wanted, count - len(state["numbers"])
        )
        numbers = state["numbers"] + numbers
        spent = {
            "bitsMeasured": state["spent"]["bitsMeasured"] + sum(map(_bits_of, outcomes)),
            "onesMeasured": state["spent"]["onesMeasured"] + sum(map(_ones_of, outcomes)),
            "bitsExtracted": state["spent"]["bitsExtracted"] + len(bits),
            "numbersRejected": state["spent"]["numbersRejected"] + refused,
        }
        if len(numbers) == count:
            return _answer(inputs, numbers, spent)
        if state["rounds"] == _MOST_ROUNDS:
            raise AlgorithmError(f"After {_MOST_ROUNDS} rounds there are still numbers missing.")
        return _round(
            inputs, {"numbers": numbers, "spent": spent, "rounds": state["rounds"], "seen": seen}
        )


algorithm = RandomNumbers()


def coins(qubits: int) -> QuantumCircuit:
    """Return a circuit that reads 0 or 1 of each qubit with equal probability."""
    circuit = QuantumCircuit(qubits, qubits)
    circuit.h(range(qubits))
    circuit.measure(range(qubits), range(qubits))
    return circuit


def _request(inputs: Inputs) -> tuple[Range, int]:
    # A schema's integer may be written 6.0, which JSON reads as a float.
    wanted = Range(int(inputs.input["minimum"]), int(inputs.input["maximum"]))
    return wanted, int(inputs.input["count"])


def _round(inputs: Inputs, state: dict[str, Any]) -> Execute:
    wanted, count = _request(inputs)
    plan = layout(wanted, count - len(state["numbers"]), inputs.shots)
    # What lost readings leave missing may take more circuits than one round has; another follows.
    circuits = [coins(plan.qubits)] * min(plan.circuits, MOST_CIRCUITS)
    following = {**state, "rounds": state["rounds"] + 1, "labelBits": plan.label_bits}
    planned = state["rounds"] + math.ceil(plan.circuits / MOST_CIRCUITS)
    return Execute(circuits, following, progress=Progress(steps=planned))


def _digests(outcomes: Sequence[Counts]) -> list[str]:
    """Return a digest of the readings of each circuit.

    Raises:
        AlgorithmError: what was read cannot be random.

    """
    if not any(counts.total for counts in outcomes):
        raise AlgorithmError(
            "There are no readings. A target that does not sample, such as ionq.simulator, "
            "cannot draw random numbers; name another."
        )
    if not all(is_sampled(counts) for counts in outcomes if counts.total):
        raise AlgorithmError(
            "All readings are the same, or each came equally often: the target does not sample; "
            "name another."
        )
    return [
        sha256(repr(sorted(counts.readings.items())).encode()).hexdigest()[:16]
        for counts in outcomes
        if counts.total
    ]


def _bits_of(counts: Counts) -> int:
    return sum(len(reading) * count for reading, count in counts.readings.items())


def _ones_of(counts: Counts) -> int:
    return sum(reading.count("1") * count for reading, count in counts.readings.items())


def _answer(inputs: Inputs, numbers: list[int], spent: dict[str, int]) -> Finish:
    wanted, _ = _request(inputs)
    return Finish(
        {
            "numbers": numbers,
            "source": source_of(inputs, wanted),
            "minimum": wanted.minimum,
            "maximum": wanted.maximum,
            "bitsPerNumber": wanted.bits,
            **spent,
            "bitsRejected": spent["numbersRejected"] * wanted.bits,
            **evidence_of(wanted, len(numbers), spent["onesMeasured"], spent["bitsMeasured"]),
            "svg": draw(wanted, numbers),
        }
    )
