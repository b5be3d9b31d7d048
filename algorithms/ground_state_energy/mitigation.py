"""Mitigation of noise: misread qubits are corrected, then noise is extrapolated to zero.

The energy is measured twice, the second time with three times the gates; a straight line through
both leads to no gates' noise (zero-noise extrapolation; Temme, Bravyi and Gambetta, Phys. Rev.
Lett. 119, 180509, 2017).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from algorithms.ground_state_energy.hamiltonian import Group
from algorithms.ground_state_energy.measurement import group_energies, total
from qjobs.domain.algorithm import Counts
from qjobs.methods.readout import Readout
from qjobs.methods.searching import Measured


def mitigated(
    groups: Sequence[Group], outcomes: Sequence[Counts], constant: float, qubits: int
) -> tuple[Measured, Measured]:
    """Return the energy with corrected readings, and the energy extrapolated from it.

    *outcomes* are those of the groups, of the groups with three times the gates, and of the two
    calibration circuits. The error of the second energy has, beside that of the readings, half of
    what mitigation changed: it is no better known than that.
    """
    size = len(groups)
    raw = total(group_energies(groups, outcomes[:size]), constant)
    zeros, ones = outcomes[2 * size :]
    readout = Readout.calibrated(zeros, ones, qubits)
    once, thrice = (
        total(group_energies(groups, outcomes[first : first + size], readout), constant)
        for first in (0, size)
    )
    energy = once.value + (once.value - thrice.value) / 2
    spread = math.hypot(1.5 * once.error, 0.5 * thrice.error)
    return once, Measured(energy, math.hypot(spread, (energy - raw.value) / 2))
