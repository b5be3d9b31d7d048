"""A Hamiltonian of spins has the energies of its cost function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from qjobs.methods.ising import Ising, of_cut, of_matrix, rounds_of

SIZES = st.integers(1, 6)


def random_matrix(size: int, seed: int) -> np.ndarray:
    """Return a square matrix with some zeros, not symmetric."""
    chance = np.random.default_rng(seed)
    return chance.normal(size=(size, size)) * (chance.random((size, size)) < 0.7)


@given(SIZES, st.integers(0, 1000))
def test_energies_of_a_matrix_are_its_quadratic_form(size: int, seed: int) -> None:
    """For every assignment of bits, bit i of the index being variable i."""
    matrix = random_matrix(size, seed)

    energies = of_matrix(matrix.tolist()).energies()

    for index, energy in enumerate(energies):
        bits = np.array([index >> place & 1 for place in range(size)])
        assert energy == pytest.approx(bits @ matrix @ bits, abs=1e-9)


def test_the_energy_of_a_cut_is_minus_its_weight() -> None:
    """Edges count where their ends differ, with the sign of their weight."""
    energies = of_cut(3, {(0, 1): 2.0, (2, 1): -5.0}).energies()

    assert energies.tolist() == [0, -2, 3, 5, 5, 3, -2, 0]


@given(st.integers(0, 100))
def test_a_layer_turns_each_state_by_its_energy(seed: int) -> None:
    """The circuit is exp(-i angle H / scale), but for a global phase."""
    cost = of_matrix(random_matrix(4, seed).tolist())
    if not cost.scale:
        return
    circuit = QuantumCircuit(4)

    cost.append(circuit, 0.7)

    turned = np.diag(Operator(circuit).data)
    expected = np.exp(-0.7j * (cost.energies() - cost.constant) / cost.scale)
    assert np.allclose(turned / turned[0], expected / expected[0])


@given(st.floats(1e-150, 1e150))
def test_the_scale_has_the_unit_of_the_costs(unit: float) -> None:
    """Costs that are larger by a factor have the same angles, whatever the factor."""
    cost = Ising((1.0, -2.0), {(0, 1): 3.0})
    larger = Ising((unit, -2 * unit), {(0, 1): 3 * unit})

    assert cost.scale == pytest.approx(np.sqrt((1 + 4 + 2 * 9) / 2))
    assert larger.scale == pytest.approx(unit * cost.scale)


def test_a_constant_has_no_scale() -> None:
    """There is nothing that a spin feels."""
    assert Ising((0.0, 0.0), {}, 3.0).scale == 0


@given(st.integers(2, 9))
def test_rounds_have_every_pair_once(size: int) -> None:
    """All pairs of an even number of qubits fit into few rounds without a common qubit."""
    pairs = [(i, j) for j in range(size) for i in range(j)]

    ordered = rounds_of(pairs)

    assert sorted(ordered) == sorted(pairs)
    circuit = QuantumCircuit(size)
    for pair in ordered:
        circuit.cz(*pair)
    assert circuit.depth() <= 2 * size
