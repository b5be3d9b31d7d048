"""The evidence beside the fidelity."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qiskit.quantum_info import StabilizerState

from algorithms.ghz.circuits import populations_circuit
from algorithms.ghz.fidelity import Estimate, Populations
from algorithms.ghz.interval import classical_interval, state_interval
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods import evidence
from qjobs.methods.limits import kind_of
from qjobs.methods.statistics import chance_of_as_many

RAREST = 0.001
"""The probability below which the two readings do not come equally often."""


def evidence_of(
    inputs: Inputs, qubits: int, fidelity: Estimate, outcomes: Sequence[Counts]
) -> JSONObject:
    """Return the shared members of the result."""
    populations = Populations.of(outcomes[0], qubits)
    state = len(outcomes) > 1
    interval = state_interval(outcomes, qubits) if state else classical_interval(populations)
    _, comparison = evidence.compared(
        "Stabiliser simulation of the circuit (Aaronson, Gottesman 2004): share of the readings "
        "that are all alike, which is the fidelity without noise",
        lambda: _ideal(qubits),
    )
    baseline = (
        evidence.baseline("Fidelity of qubits in complete disorder", 2.0**-qubits)
        if state
        else evidence.baseline("Classical fidelity of random readings", 2.0 ** (1 - qubits))
    )
    return {
        "verified": _verified(inputs, populations, fidelity, state=state),
        "comparison": comparison,
        "baseline": baseline,
        "uncertainty": evidence.uncertainty(interval, fidelity.standard_error),
    }


def _ideal(qubits: int) -> float:
    circuit = populations_circuit(qubits).remove_final_measurements(inplace=False)
    shares = StabilizerState(circuit).probabilities_dict()
    return float(sum(shares.get(bit * qubits, 0.0) for bit in "01"))


def _verified(
    inputs: Inputs, populations: Populations, fidelity: Estimate, *, state: bool
) -> JSONObject:
    if kind_of(inputs) is not Kind.SIMULATOR:
        return evidence.not_verified(
            "What noise leaves of the state is measured here; nothing else knows it."
        )
    alike = populations.zeros + populations.ones
    more = max(populations.zeros, populations.ones)
    uneven = 2 * chance_of_as_many(more, alike, 0.5) < RAREST
    # All zeros and all ones come as often as chance has it; a parity is the same at every reading.
    wrong = state and not math.isclose(fidelity.value, 1)
    if populations.total > alike or uneven or wrong:
        return evidence.not_verified(
            "A simulator without noise gives the ideal state; these readings are of another."
        )
    return evidence.verified(
        "The simulator has no noise, so the fidelity is 1; the readings are of the ideal state."
    )
