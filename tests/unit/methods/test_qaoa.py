"""Circuits of QAOA take readings towards low costs, as deep as their target allows."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Inputs
from qjobs.methods.ising import Ising
from qjobs.methods.mixers import ExchangeMixer, FlipMixer
from qjobs.methods.qaoa import Ansatz, layers_for

LAYERS = (1, 2, 3, 5, 8, 12)


def random_cost(seed: int, qubits: int = 6) -> Ising:
    """Return fields and couplings between all spins, normally distributed."""
    chance = np.random.default_rng(seed)
    pairs = [(i, j) for j in range(qubits) for i in range(j)]
    couplings = dict(zip(pairs, chance.normal(size=len(pairs)).tolist(), strict=True))
    return Ising(tuple(chance.normal(size=qubits).tolist()), couplings)


def quality(ansatz: Ansatz, cost: Ising) -> float:
    """Return the mean energy, as a share of the range from the worst to the best."""
    circuit = ansatz.circuit().remove_final_measurements(inplace=False)
    energies = cost.energies()
    mean = Statevector(circuit).probabilities() @ energies
    return float((energies.max() - mean) / np.ptp(energies))


@pytest.mark.parametrize("seed", range(5))
def test_more_layers_are_better(seed: int) -> None:
    """From random readings, about a half, to more than 0.85 with twelve layers."""
    cost = random_cost(seed)

    reached = [quality(Ansatz(6, cost, FlipMixer(6), layers), cost) for layers in LAYERS]

    assert reached[0] > quality_of_chance(cost) + 0.08
    assert reached[-1] > max(reached[0], 0.85)
    assert np.mean(np.diff(reached) > -0.02) == 1


def quality_of_chance(cost: Ising) -> float:
    """Return the quality of random readings."""
    energies = cost.energies()
    return float((energies.max() - energies.mean()) / np.ptp(energies))


def test_the_unit_of_the_costs_makes_no_difference() -> None:
    """A cost function in cents has the circuit of that in dollars."""
    cost = random_cost(1)
    cents = Ising(
        tuple(100 * one for one in cost.fields),
        {pair: 100 * one for pair, one in cost.couplings.items()},
    )

    first, second = (
        Statevector(
            Ansatz(6, one, FlipMixer(6), 3).circuit().remove_final_measurements(inplace=False)
        )
        for one in (cost, cents)
    )

    assert np.allclose(first.data, second.data)


def test_the_gates_are_those_of_the_circuit() -> None:
    """Preparation and layers together."""
    for mixer in (FlipMixer(6), ExchangeMixer(6, 2)):
        ansatz = Ansatz(6, random_cost(1), mixer, 3)

        assert ansatz.two_qubit_gates == ansatz.circuit().num_nonlocal_gates()


@pytest.mark.parametrize(
    ("target", "pairs", "layers"),
    [
        *(("local.sim.aer", 15, 12), ("local.sim.aer-noisy", 15, 5), (None, 15, 5)),
        *(("quantinuum.qpu.h2-1", 12, 5), ("ionq.qpu.aria-1", 28, 3), ("ionq.qpu.aria-1", 100, 1)),
        ("local.sim.aer", 190, 5),
    ],
)
def test_noise_and_size_leave_fewer_layers(target: str | None, pairs: int, layers: int) -> None:
    """As many as the gates on two qubits allow; at an unknown target as with noise."""
    every = [(i, j) for j in range(20) for i in range(j)]
    cost = Ising((0.0,) * 20, dict.fromkeys(every[:pairs], 1.0))
    inputs = Inputs({}, 100, None, target_facts()[target] if target else None)

    assert layers_for(inputs, cost, FlipMixer(20)) == layers
