"""Amplitude amplification: how many iterations, of what, and the circuit.

With M of N assignments solutions, k iterations read one with probability sin^2((2 k + 1) t), where
sin^2 t = M / N (Boyer et al., Fortschritte der Physik 46, 493, 1998). For whole k that may be far
from 1, as one half for M = N / 2, whatever k is. Then one more qubit is turned so that it is 1
with a probability that makes (2 k + 1) t a right angle, and has to be 1 in a solution: after that,
the probability is 1 (Brassard et al., Quantum Amplitude Amplification and Estimation, 2002,
section 2.1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit

from algorithms.grover.oracle import append_oracle, exclusive_sum
from qjobs.methods.controlled import controlled_z, work_qubits

_GOOD, _GOOD_WITH_NOISE = 0.995, 0.9
"""Probability of a solution from which the additional qubit is not worth its gates."""


@dataclass(frozen=True, slots=True)
class Amplification:
    """The iterations that find one of the solutions."""

    iterations: int
    turn: float | None
    """The angle of the additional qubit; None without one."""
    probability: float
    """Of reading a solution, in theory."""

    @classmethod
    def of(cls, solutions: int, assignments: int, *, noisy: bool) -> Amplification:
        """Return the best one for some, but not all, assignments being solutions."""
        angle = math.asin(math.sqrt(solutions / assignments))
        ideal = math.pi / (4 * angle) - 0.5
        plain = round(ideal)
        probability = math.sin((2 * plain + 1) * angle) ** 2
        if plain and probability >= (_GOOD_WITH_NOISE if noisy else _GOOD):
            return cls(plain, None, probability)
        iterations = math.ceil(ideal)
        share = math.sin(math.pi / (4 * iterations + 2)) / math.sin(angle)
        return cls(iterations, 2 * math.asin(min(share, 1.0)), 1.0)


def search_circuit(
    solutions: Sequence[int], variables: int, amplification: Amplification
) -> QuantumCircuit:
    """Return the circuit that reads the variables, the first one last."""
    turned = [] if amplification.turn is None else [variables]
    searched = [*range(variables), *turned]
    work = range(len(searched), len(searched) + work_qubits(len(searched) - 1))
    circuit = QuantumCircuit(len(searched) + len(work), variables)
    products = exclusive_sum(solutions, variables)
    _append_start(circuit, variables, amplification.turn)
    for _ in range(amplification.iterations):
        append_oracle(circuit, products, turned, work)
        _append_start(circuit, variables, amplification.turn, inverse=True)
        circuit.x(searched)
        controlled_z(circuit, searched, work)
        circuit.x(searched)
        _append_start(circuit, variables, amplification.turn)
    circuit.measure(range(variables), range(variables))
    return circuit


def _append_start(
    circuit: QuantumCircuit, variables: int, turn: float | None, *, inverse: bool = False
) -> None:
    circuit.h(range(variables))
    if turn is not None:
        circuit.ry(-turn if inverse else turn, variables)
