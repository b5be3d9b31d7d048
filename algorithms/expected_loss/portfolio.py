"""A portfolio of assets that default independently, and its loss as the amplitude of a qubit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit.library import UCRYGate

from qjobs.domain.algorithm import JSONObject


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Probabilities of default, and losses at default."""

    probabilities: list[float]
    losses: list[float]

    @classmethod
    def of(cls, document: JSONObject) -> Portfolio:
        """Return the portfolio of an input."""
        assets = document["assets"]
        return cls(
            [float(one["defaultProbability"]) for one in assets],
            [float(one["loss"]) for one in assets],
        )

    @property
    def total(self) -> float:
        """The loss if all assets default."""
        return math.fsum(self.losses)

    def expected_loss(self) -> float:
        """Return the mean loss: for independent assets, a sum."""
        return math.fsum(p * loss for p, loss in zip(self.probabilities, self.losses, strict=True))

    def deviation(self) -> float:
        """Return the standard deviation of the loss."""
        pairs = zip(self.probabilities, self.losses, strict=True)
        return math.sqrt(math.fsum(p * (1 - p) * loss**2 for p, loss in pairs))

    def preparation(self) -> QuantumCircuit:
        """Return the circuit after which the last qubit reads 1 as often as the mean loss says.

        The share of ones is the expected loss divided by the total loss, which is not 0. The other
        qubits read 1 where their asset defaults.
        """
        assets = len(self.losses)
        circuit = QuantumCircuit(assets + 1)
        for qubit, probability in enumerate(self.probabilities):
            circuit.ry(2 * math.asin(math.sqrt(probability)), qubit)
        subsets = np.arange(2**assets)[:, None] >> np.arange(assets) & 1
        shares = np.clip(subsets @ np.array(self.losses) / self.total, 0.0, 1.0)
        angles = [float(angle) for angle in 2 * np.arcsin(np.sqrt(shares))]
        objective = QuantumCircuit(assets + 1)
        objective.append(UCRYGate(angles), [assets, *range(assets)])
        # Down to gates that can be counted.
        return circuit.compose(objective.decompose(reps=3))
