"""The exact distribution of a program's readings, and the agreement of counts with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector
from scipy import special

from qjobs.methods.qir_instructions import Step
from qjobs.methods.statistics import chance_of_as_many

MOST_QUBITS = 14
"""Of a state vector that is computed beside the result."""
MOST_WORK = 1 << 24
"""Gates times amplitudes: about two seconds."""
FEWEST_EXPECTED = 5.0
"""Readings of a kind, for the chi-square distribution to hold (Cochran 1954)."""
LEVEL = 0.001
"""Probability below which readings are taken for others than those of the distribution."""
_IMPOSSIBLE = 1e-9


class NotComparedError(Exception):
    """There is no exact distribution to compare with; the message has the reason."""


def check_comparable(steps: Sequence[Step] | None) -> None:
    """Check that `exact_distribution` can compute the readings of a program.

    Raises:
        NotComparedError: it branches, is too large, or uses a qubit again that it measured.

    """
    if steps is None:
        raise NotComparedError("the program depends on what it measures")
    measured: set[int] = set()
    written: set[int] = set()
    for step in steps:
        if measured & {*step.qubits} or written & {*step.results}:
            raise NotComparedError("the program goes on after a measurement")
        if step.name == "reset":
            raise NotComparedError("the program resets qubits")
        if step.name == "measure":
            measured |= {*step.qubits}
            written |= {*step.results}
    used = len(_used(steps))
    if used > MOST_QUBITS:
        raise NotComparedError(f"it has {used} qubits; up to {MOST_QUBITS} are simulated here")
    if len(steps) << used > MOST_WORK:
        raise NotComparedError("it has too many gates for its qubits to be simulated here")


def exact_distribution(steps: Sequence[Step], outputs: Sequence[int]) -> dict[str, float]:
    """Return the probability of each reading, of the results *outputs* from left to right.

    The program has to pass `check_comparable`. Readings of no probability are left out.
    """
    place = {qubit: number for number, qubit in enumerate(_used(steps))}
    circuit = QuantumCircuit(len(place))
    wire: dict[int, int] = {}
    for step in steps:
        places = [place[qubit] for qubit in step.qubits]
        if step.name == "measure":
            wire[step.results[0]] = places[0]
        else:
            getattr(circuit, step.name)(*step.angles, *places)
    shares = Statevector(circuit).probabilities()
    states = np.flatnonzero(shares > 0)
    # A result that was never written reads zero.
    columns = [
        (states >> wire[one]) & 1 if one in wire else np.zeros_like(states) for one in outputs
    ]
    rows = np.array(columns, dtype=np.uint8).T
    kinds, index = np.unique(rows, axis=0, return_inverse=True)
    sums = np.bincount(index.ravel(), weights=shares[states])
    readings = ("".join(map(str, row)) for row in kinds.tolist())
    return {
        reading: float(share)
        for reading, share in zip(readings, sums.tolist(), strict=True)
        if share > _IMPOSSIBLE
    }


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of readings with a distribution."""

    fidelity: float
    """Hellinger fidelity of the shares with the probabilities; 1 if they are equal."""
    distance: float
    """Total variation distance, the share of readings that would have to be others."""
    expected_distance: float
    """Of as many readings drawn from the distribution itself, about."""
    p_value: float | None
    """Of the chi-square test; None if no reading is frequent enough for it."""

    @property
    def holds(self) -> bool:
        """Whether the readings are tested, and not others than those of the distribution."""
        return self.p_value is not None and self.p_value >= LEVEL


def agreement(readings: Mapping[str, int], expected: Mapping[str, float]) -> Agreement:
    """Return the agreement of *readings*, at least one, with *expected* probabilities."""
    total = sum(readings.values())
    shares = {one: count / total for one, count in readings.items()}
    every = {*shares, *expected}
    root = sum(math.sqrt(shares.get(one, 0.0) * expected.get(one, 0.0)) for one in every)
    distance = sum(abs(shares.get(one, 0.0) - expected.get(one, 0.0)) for one in every) / 2
    # The mean absolute deviation of a binomial share, by its normal approximation.
    noise = sum(
        min(math.sqrt(2 * share * (1 - share) / (math.pi * total)), 2 * share)
        for share in expected.values()
    )
    return Agreement(min(root**2, 1.0), distance, noise / 2, _p_value(readings, expected, total))


def _p_value(
    readings: Mapping[str, int], expected: Mapping[str, float], total: int
) -> float | None:
    """Return the p-value of two tests together; None if no reading is frequent enough.

    Pearson's chi-square test of the frequent readings among themselves, and the chance of so many
    rare ones; of two tests the smaller p-value counts double (Bonferroni).
    """
    if any(count and one not in expected for one, count in readings.items()):
        return 0.0  # what is impossible was read
    frequent = [one for one, share in expected.items() if share * total >= FEWEST_EXPECTED]
    if not frequent:
        return None
    seen = [readings.get(one, 0) for one in frequent]
    shares = [expected[one] for one in frequent]
    rare = max(1 - sum(shares), 0.0)
    of_rare = chance_of_as_many(total - sum(seen), total, rare)
    means = [share / sum(shares) * sum(seen) for share in shares]
    if not sum(seen):
        return 0.0
    statistic = sum((one - mean) ** 2 / mean for one, mean in zip(seen, means, strict=True))
    of_frequent = float(special.chdtrc(len(seen) - 1, statistic)) if len(seen) > 1 else 1.0
    return min(2 * min(of_rare, of_frequent), 1.0)


def _used(steps: Sequence[Step]) -> list[int]:
    return sorted({qubit for step in steps for qubit in step.qubits})
