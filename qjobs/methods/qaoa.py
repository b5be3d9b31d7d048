"""Circuits of the quantum approximate optimisation algorithm (Farhi et al., arXiv:1411.4028).

Layers of a cost function and a mixer take the equal superposition of all feasible readings towards
those of low cost. The angles are not searched: they follow a ramp as in quantum annealing, the
angles of the cost growing and those of the mixer falling, in units of the cost function's own scale
(Sack and Serbyn, Quantum 5, 491, 2021). The ends of the ramps are fitted once to 36 random
instances of 8 spins: 3-regular graphs and random ones, with equal and other weights, spin glasses,
QUBOs. At 10 spins they reach more than straight ramps from zero do: 0.90 in the place of 0.87 of
the range of costs on 3-regular graphs with 3 layers, 0.974 in the place of 0.971 with 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Inputs
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import kind_of
from qjobs.methods.mixers import Mixer

type Ramp = tuple[float, float, float, float]

_RAMPS: dict[int, Ramp] = {
    1: (0.49, 0.49, 0.37, 0.37),
    2: (0.22, 0.89, 0.61, 0.16),
    3: (0.25, 0.92, 0.61, 0.13),
    5: (0.19, 0.94, 0.54, 0.10),
    8: (0.16, 0.97, 0.50, 0.07),
    12: (0.10, 0.96, 0.60, 0.04),
}
"""By the number of layers: the angle of the cost at the beginning and the end, of the mixer."""
_MOST_GATES = {Kind.SIMULATOR: 1500, Kind.SYNTAX_CHECKER: 1500}
_MOST_GATES_WITH_NOISE = 90
"""On two qubits, beyond which noise of half a percent of each costs more than a layer gains."""
AS_THEY_ARE = (1.0, 1.0)


class Cost(Protocol):
    """A cost function of bits, as a diagonal Hamiltonian."""

    @property
    def two_qubit_gates(self) -> int:
        """The gates on two qubits that one layer takes."""

    def append(self, circuit: QuantumCircuit, angle: float) -> None:
        """Append exp(-i *angle* H / scale), with the function's own scale."""


@dataclass(frozen=True, slots=True)
class Ansatz:
    """Alternating layers of a cost function and a mixer."""

    qubits: int
    cost: Cost
    mixer: Mixer
    layers: int
    pace: tuple[float, float] = AS_THEY_ARE
    """Factors of the angles of the cost and the mixer, for a mixer that is not `FlipMixer`."""

    @property
    def two_qubit_gates(self) -> int:
        """The gates on two qubits of the circuit."""
        layer = self.cost.two_qubit_gates + self.mixer.two_qubit_gates
        return self.mixer.preparation_gates + self.layers * layer

    def circuit(self, factors: tuple[float, float] = AS_THEY_ARE) -> QuantumCircuit:
        """Return the circuit, its angles of cost and mixer multiplied by *factors*."""
        first, last, mixed, unmixed = _RAMPS[self.layers]
        circuit = QuantumCircuit(self.qubits, self.qubits)
        self.mixer.prepare(circuit)
        for layer in range(self.layers):
            way = (layer + 0.5) / self.layers
            angle = first + (last - first) * way
            self.cost.append(circuit, self.pace[0] * factors[0] * angle)
            angle = mixed + (unmixed - mixed) * way
            self.mixer.append(circuit, self.pace[1] * factors[1] * angle)
        circuit.measure(range(self.qubits), range(self.qubits))
        return circuit


def layers_for(inputs: Inputs, cost: Cost, mixer: Mixer) -> int:
    """Return the number of layers that suits the target; at least 1, at most 12."""
    kind = kind_of(inputs)
    most = _MOST_GATES.get(kind, _MOST_GATES_WITH_NOISE)
    room = most - mixer.preparation_gates
    layer = cost.two_qubit_gates + mixer.two_qubit_gates
    return max((layers for layers in _RAMPS if layers * layer <= room), default=1)
