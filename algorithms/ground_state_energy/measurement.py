"""Energies of states from the readings of one circuit for each group of terms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit

from algorithms.ground_state_energy.hamiltonian import Group
from algorithms.ground_state_energy.rotations import to_z_axes
from qjobs.domain.algorithm import Counts
from qjobs.methods.readout import Readout
from qjobs.methods.searching import Measured


@dataclass(frozen=True, slots=True)
class GroupEnergy:
    """The energy of a group of terms, as it was read."""

    value: float
    deviation: float
    """The standard deviation of one reading."""
    range: float
    """The difference between the greatest and the least energy of a reading."""
    readings: int

    @property
    def error(self) -> float:
        """The standard error; never zero, however alike the readings are.

        One more reading at the other end of the range would have moved the mean by the second part:
        a hundred equal readings are no proof that there are no others.
        """
        rare = self.range / (self.readings + 2)
        return math.hypot(self.deviation / math.sqrt(self.readings), rare)


def circuits_of(state: QuantumCircuit, groups: Sequence[Group]) -> list[QuantumCircuit]:
    """Return the measured circuits of a state, one for each group."""
    circuits = []
    for group in groups:
        circuit = QuantumCircuit(state.num_qubits, state.num_qubits)
        circuit.compose(state, inplace=True)
        to_z_axes(circuit, group.basis)
        circuit.measure(range(state.num_qubits), range(state.num_qubits))
        circuits.append(circuit)
    return circuits


def group_energies(
    groups: Sequence[Group], outcomes: Sequence[Counts], readout: Readout | None = None
) -> list[GroupEnergy]:
    """Return the energy of each group from the counts of its circuit.

    Raises:
        ValueError: a circuit has no reading.

    """
    return [
        _energy(readout.corrected(group.values) if readout else group.values, counts)
        for group, counts in zip(groups, outcomes, strict=True)
    ]


def total(energies: Sequence[GroupEnergy], constant: float) -> Measured:
    """Return the sum of the energies of all groups and the constant."""
    return Measured(
        math.fsum(one.value for one in energies) + constant,
        math.hypot(*(one.error for one in energies)),
    )


def pooled(first: GroupEnergy, second: GroupEnergy) -> GroupEnergy:
    """Return the energy of a group from the readings of both."""
    number = first.readings + second.readings
    share = second.readings / number
    distance = second.value - first.value
    variance = (
        (1 - share) * first.deviation**2
        + share * second.deviation**2
        + share * (1 - share) * distance**2
    )
    return GroupEnergy(first.value + share * distance, math.sqrt(variance), first.range, number)


def shots_for(energies: Sequence[GroupEnergy], precision: float) -> list[int]:
    """Return the fewest readings of each group that give their sum a standard error.

    A group gets readings in proportion to the deviation of one, which minimises the error of the
    sum (Wecker, Hastings and Troyer, Phys. Rev. A 92, 042303, 2015).
    """
    spread = math.fsum(one.deviation for one in energies)
    return [math.ceil(one.deviation * spread / precision**2) for one in energies]


def _energy(values: np.ndarray, counts: Counts) -> GroupEnergy:
    if not counts.total:
        raise ValueError("A circuit has no reading.")
    readings = np.array([int(bits, 2) for bits in counts.readings])
    numbers = np.array(list(counts.readings.values()), dtype=float)
    number = counts.total
    mean = float(values[readings] @ numbers / number)
    deviation = math.sqrt(max(float((values[readings] - mean) ** 2 @ numbers / number), 0.0))
    return GroupEnergy(mean, deviation, float(np.ptp(values)), number)
