"""The sum of squared loads of three or four machines, two qubits a job.

Two jobs are on the same machine if both their qubits are alike: with spins z and w of the one, z'
and w' of the other, (1 + z z' + w w' + zw z'w') / 4 is 1 then, else 0. The sum of squared loads is
a constant plus twice the product of the durations for each two jobs on the same machine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit

from qjobs.methods.ising import Pair, rounds_of


@dataclass(frozen=True, slots=True)
class SquaredLoads:
    """The cost of distributing jobs, besides one that is on the first machine, both spins 1.

    Job k has the qubits 2k and 2k + 1.
    """

    fixed: int
    """The duration of the job on the first machine."""
    durations: Sequence[int]
    """Of the other jobs."""

    @property
    def pairs(self) -> dict[Pair, float]:
        """The strength of each of the three products of spins of two jobs."""
        return {
            (j, k): self.durations[j] * self.durations[k] / 2
            for j, k in itertools.combinations(range(len(self.durations)), 2)
        }

    @property
    def two_qubit_gates(self) -> int:
        """Three for each two jobs, and two for each job."""
        return 3 * len(self.pairs) + 2 * len(self.durations)

    @property
    def scale(self) -> float:
        """The root mean square of the field that a spin feels in a random state."""
        # A product of s spins is in the fields of s spins: of 2, 2 and 4 for a pair of jobs, and of
        # 1, 1 and 2 for a job with the fixed one.
        shared = sum(8 * strength**2 for strength in self.pairs.values())
        alone = sum(4 * (self.fixed * one / 2) ** 2 for one in self.durations)
        return math.sqrt((shared + alone) / (2 * len(self.durations)))

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(-i *angle* H / scale) without the constant, which is a global phase."""
        unit = 2 * angle / self.scale
        jobs = range(len(self.durations))
        for side in (0, 1):
            self._append_side(circuit, unit, side)
        # Now the second qubit of each job is the product of its spins.
        for job in jobs:
            circuit.cx(2 * job, 2 * job + 1)
        self._append_side(circuit, unit, 1)
        for job in jobs:
            circuit.cx(2 * job, 2 * job + 1)

    def _append_side(self, circuit: QuantumCircuit, unit: float, side: int) -> None:
        """Append the terms of one qubit of each job."""
        for job, duration in enumerate(self.durations):
            circuit.rz(unit * self.fixed * duration / 2, 2 * job + side)
        pairs = self.pairs
        for j, k in rounds_of(pairs):
            circuit.rzz(unit * pairs[j, k], 2 * j + side, 2 * k + side)
