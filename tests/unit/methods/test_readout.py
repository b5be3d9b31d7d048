"""Misread qubits are corrected by what two calibration circuits show."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from qiskit_aer.noise import NoiseModel, ReadoutError

from qjobs.domain.algorithm import Counts
from qjobs.methods.readout import Readout, calibration_circuits
from tests.unit.algorithms.aer import sample

RATES = [(0.02, 0.05), (0.1, 0.03)]


def read(state: int) -> np.ndarray:
    """Return the probabilities of each reading of a basis state of two qubits."""
    maps = [np.array([[1 - up, down], [up, 1 - down]]) for up, down in RATES]
    return np.asarray(np.kron(maps[1][:, state >> 1], maps[0][:, state & 1]))


@pytest.mark.parametrize("state", range(4))
def test_the_mean_is_that_of_the_true_state(state: int) -> None:
    """Whatever the state and the observable, and different for each qubit."""
    values = np.array([0.3, -1.0, 2.0, 5.0])
    readout = Readout([up for up, _ in RATES], [down for _, down in RATES])

    assert readout.corrected(values) @ read(state) == pytest.approx(values[state])


def test_rates_are_those_of_the_noise() -> None:
    """Of 20,000 readings of each circuit, within four standard errors."""
    noise = NoiseModel()
    for qubit, (up, down) in enumerate(RATES):
        noise.add_readout_error(ReadoutError([[1 - up, up], [down, 1 - down]]), [qubit])

    zeros, ones = sample(calibration_circuits(2), 20_000, count(1), noise)
    readout = Readout.calibrated(zeros, ones, 2)

    assert readout.one_for_zero == pytest.approx([0.02, 0.1], abs=0.009)
    assert readout.zero_for_one == pytest.approx([0.05, 0.03], abs=0.009)


def test_useless_readings_are_not_divided_by_zero() -> None:
    """A qubit that is always read the same, or not at all, gives numbers still."""
    always = Counts({"1": 100})
    readout = Readout.calibrated(always, Counts({}), 1)

    assert np.isfinite(readout.corrected(np.array([1.0, -1.0]))).all()
