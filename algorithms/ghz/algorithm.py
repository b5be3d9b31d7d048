"""GHZ device check: the fidelity of an entangled state of many qubits, from counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from algorithms.ghz.circuits import angles, parity_circuits, populations_circuit
from algorithms.ghz.drawing import draw
from algorithms.ghz.evidence import evidence_of
from algorithms.ghz.fidelity import (
    Estimate,
    Populations,
    coherence,
    parity,
    shows_entanglement,
    state_fidelity,
)
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size

_MOST_READINGS = 16
_MOST_PARITIES = {Kind.NOISY_SIMULATOR: 10}
"""Qubits of the method `Parity`: noise on circuits with such rotations is a state vector a shot."""


class GHZCheck:
    """One circuit for the populations and, on demand, one per qubit for the coherence.

    The circuit of the populations comes first, those of the parities follow by angle.
    """

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuits of the method that was asked for.

        Raises:
            InputRejectedError: the target takes too long for parities of so many qubits.

        """
        qubits = _qubits(inputs)
        circuits = [populations_circuit(qubits)]
        if inputs.input["method"] == "Parity":
            check_size(
                inputs, qubits, _MOST_PARITIES, "qubits of the method Parity", "/input/qubits"
            )
            circuits += parity_circuits(qubits)
        return Execute(circuits)

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return the fidelity.

        Raises:
            AlgorithmError: a circuit has no reading.

        """
        if not all(counts.total for counts in outcomes):
            raise AlgorithmError("A circuit returned no readings, so there is no fidelity.")
        qubits = _qubits(inputs)
        plain, *rotated = outcomes
        populations = Populations.of(plain, qubits)
        if rotated:
            fidelity, finding = _of_the_state(populations, outcomes)
        else:
            fidelity, finding = _of_the_readings(populations)
        lower, upper = populations.bounds
        return Finish(
            {
                "qubits": qubits,
                "method": inputs.input["method"],
                **finding,
                "bounds": {"lower": lower, "upper": upper},
                "populations": _shares(populations),
                "readings": _most_frequent(plain),
                **evidence_of(inputs, qubits, fidelity, outcomes),
                "svg": draw(qubits, fidelity, outcomes, angles(len(rotated))),
            }
        )


algorithm = GHZCheck()


def _qubits(inputs: Inputs) -> int:
    # A schema's integer may be written 5.0, which JSON reads as a float.
    return int(inputs.input["qubits"])


def _of_the_readings(populations: Populations) -> tuple[Estimate, dict[str, Any]]:
    fidelity = populations.classical_fidelity
    rendered = {"kind": "Classical", **_rendered(fidelity)}
    return fidelity, {"fidelity": rendered, "entanglement": "NotTested"}


def _of_the_state(
    populations: Populations, outcomes: Sequence[Counts]
) -> tuple[Estimate, dict[str, Any]]:
    parities = [parity(counts) for counts in outcomes[1:]]
    contrast = coherence(parities)
    fidelity = state_fidelity(populations.alike, contrast)
    shown = shows_entanglement(fidelity, min(counts.total for counts in outcomes))
    return fidelity, {
        "fidelity": {"kind": "State", **_rendered(fidelity)},
        "entanglement": "Shown" if shown else "NotShown",
        "coherence": _rendered(contrast),
        "parities": [
            {"angle": angle, "ideal": (-1) ** k, **_rendered(estimate)}
            for k, (angle, estimate) in enumerate(zip(angles(len(parities)), parities, strict=True))
        ],
    }


def _rendered(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "standardError": estimate.standard_error}


def _shares(populations: Populations) -> dict[str, float]:
    zeros, ones, total = populations.zeros, populations.ones, populations.total
    return {
        "zeros": zeros / total,
        "ones": ones / total,
        "others": (total - zeros - ones) / total,
    }


def _most_frequent(counts: Counts) -> list[dict[str, Any]]:
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"bits": bits, "count": count, "frequency": counts.frequency(bits)}
        for bits, count in ranked[:_MOST_READINGS]
        if count
    ]
