"""A job as the algorithm sees it: Hamiltonian, groups, ansatz, search, shots, within limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from algorithms.ground_state_energy.alternating import alternating
from algorithms.ground_state_energy.ansatz import Ansatz
from algorithms.ground_state_energy.excitations import excitations
from algorithms.ground_state_energy.hamiltonian import Group, Hamiltonian
from algorithms.ground_state_energy.search import Search
from qjobs.domain.algorithm import Inputs
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size, kind_of, rejected

MOST_SHOTS = 1_000_000
"""Of a job on a noiseless simulator."""
_QUBITS = {Kind.NOISY_SIMULATOR: 8}
_GROUPS = {Kind.SIMULATOR: 60, Kind.NOISY_SIMULATOR: 20, Kind.HARDWARE: 20}
_GATES = {Kind.SIMULATOR: 1000, Kind.NOISY_SIMULATOR: 160, Kind.HARDWARE: 160}
_CIRCUITS = {Kind.SIMULATOR: 600, Kind.NOISY_SIMULATOR: 200, Kind.HARDWARE: 200}
"""Of a step."""
_MORE = 20
"""Times the shots of the search for the final energy, on a simulator without noise or price."""
_MORE_WITH_NOISE = 5
"""Likewise on a simulator with noise, where each shot takes its time."""
_MOST_WHILE_SEARCHING = 20_000
MOST_EVALUATIONS = 100
_EVALUATIONS, _EVALUATIONS_PAID = 40, 12
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What stays the same in all steps of a job."""

    hamiltonian: Hamiltonian
    groups: list[Group]
    ansatz: Ansatz
    search: Search
    precision: float | None
    noisy: bool
    """Whether readings may be wrong: also where nothing is known of the target."""
    shots: int
    """Of each circuit while searching."""

    @classmethod
    def of(cls, inputs: Inputs) -> Problem:
        """Return the problem of a job.

        Raises:
            InputRejectedError: the input cannot be computed, or is too large for the target.

        """
        hamiltonian = Hamiltonian.of(inputs.input)
        check_size(inputs, hamiltonian.qubits, _QUBITS, "qubits", "/input/terms")
        groups = hamiltonian.groups()
        check_size(inputs, len(groups), _GROUPS, "groups of terms to measure", "/input/terms")
        ansatz = _ansatz(inputs, hamiltonian)
        gates = int(ansatz.circuit(ansatz.start).num_nonlocal_gates())
        check_size(inputs, gates, _GATES, "gates on two qubits", "/input/layers")
        asked = inputs.input.get("evaluations")
        fewest = Search(ansatz, MOST_EVALUATIONS).fewest
        most = int(asked or max(fewest, _EVALUATIONS_PAID if _is_priced(inputs) else _EVALUATIONS))
        if fewest > min(most, MOST_EVALUATIONS):
            raise rejected(
                f"{len(ansatz.blocks)} angles take at least {fewest} evaluations; at most "
                f"{MOST_EVALUATIONS} are allowed, and {most} asked for.",
                "/input/evaluations" if asked else "/input/layers",
            )
        search = Search(ansatz, most)
        circuits = search.points_of_a_step * len(groups)
        check_size(inputs, circuits, _CIRCUITS, "circuits in a step", "/input/layers")
        precision = inputs.input.get("precision")
        noisy = inputs.target is None or inputs.target.noisy
        shots = inputs.shots
        if precision and not noisy:
            # The error of an angle is in proportion to that of the energies it follows from, and
            # the energy is quadratic in it: a tenth of the precision is left for it.
            enough = math.ceil(5 * hamiltonian.strength / precision)
            shots = max(shots, min(enough, _MOST_WHILE_SEARCHING))
        return cls(hamiltonian, groups, ansatz, search, precision, noisy, shots)

    @property
    def is_adaptive(self) -> bool:
        """Whether readings are added until the energy is precise; noise would make that vain."""
        return bool(self.precision) and not self.noisy

    def final_shots(self, inputs: Inputs) -> list[int]:
        """Return the shots of each group for the final energy, in its first step."""
        if self.is_adaptive:
            return [self.shots] * len(self.groups)
        more = {Kind.SIMULATOR: _MORE, Kind.NOISY_SIMULATOR: _MORE_WITH_NOISE}
        factor = 1 if _is_priced(inputs) else more.get(kind_of(inputs), 1)
        return [self.shots * factor] * len(self.groups)


def _is_priced(inputs: Inputs) -> bool:
    return bool(inputs.target and inputs.target.price and inputs.target.price.items)


def _ansatz(inputs: Inputs, hamiltonian: Hamiltonian) -> Ansatz:
    kind, layers = inputs.input["ansatz"], int(inputs.input["layers"])
    if kind == "Automatic":
        spins = hamiltonian.is_two_local and hamiltonian.qubits > _PAIR
        kind = "Alternating" if spins else "Excitations"
    if kind == "Excitations":
        return excitations(hamiltonian, layers)
    if not hamiltonian.is_two_local:
        raise rejected(
            "Alternating takes terms on at most two qubits each; use Excitations.", "/input/ansatz"
        )
    return alternating(hamiltonian, layers)
