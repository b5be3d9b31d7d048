"""Maximum cut by the quantum approximate optimisation algorithm."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.maxcut.network import Network
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.drawing.graph import Edge, cut_graph
from qjobs.methods import evidence
from qjobs.methods.ising import Ising, of_cut
from qjobs.methods.limits import check_size
from qjobs.methods.mixers import FlipMixer
from qjobs.methods.qaoa import Ansatz, layers_for
from qjobs.methods.qaoa_search import Found, Search
from qjobs.methods.spectrum import Solutions, Spectrum, optimisation

_MOST_VERTICES = {
    Kind.SIMULATOR: 20,
    Kind.NOISY_SIMULATOR: 10,
    Kind.HARDWARE: 20,
    Kind.SYNTAX_CHECKER: 20,
}
_MOST_EDGES = {Kind.HARDWARE: 60}
_PARTITIONS = Solutions("partition", "partitions", readings=2)


class MaximumCut:
    """A qubit for each vertex, read as the side on which it is."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the first circuit.

        Raises:
            InputRejectedError: the graph is too large for the target, has a loop, or no weight.

        """
        network = Network.of(inputs.input)
        check_size(inputs, len(network.names), _MOST_VERTICES, "vertices", "/input/edges")
        check_size(inputs, len(network.weights), _MOST_EDGES, "edges", "/input/edges")
        return _search(inputs, network).first()

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the cut, or the next circuit of the search for angles.

        Raises:
            AlgorithmError: there are no readings.

        """
        return _search(inputs, Network.of(inputs.input)).next(state, outcomes)


algorithm = MaximumCut()


def _search(inputs: Inputs, network: Network) -> Search:
    cost = of_cut(len(network.names), network.weights)
    mixer = FlipMixer(len(network.names))
    ansatz = Ansatz(mixer.qubits, cost, mixer, layers_for(inputs, cost, mixer))
    spectrum, comparison = _enumerated(cost)

    def result(found: Found) -> JSONObject:
        sides = [int(bit) for bit in reversed(found.reading)]
        # Both names of the same partition are read; the first vertex is on the first side.
        sides = [side ^ sides[0] for side in sides]
        cut = network.cut(sides)
        edges = [Edge(i, j, weight) for (i, j), weight in network.weights.items()]
        title = f"Cut of {cut:.6g}; the largest is {spectrum.best:.6g}"
        return {
            "cut": cut,
            "sides": [
                [name for name, own in zip(network.names, sides, strict=True) if own == side]
                for side in (0, 1)
            ],
            "readings": found.sampled.readings(spectrum),
            "layers": ansatz.layers,
            "twoQubitGates": ansatz.two_qubit_gates,
            "circuits": found.circuits,
            **optimisation(spectrum, cut, found.feasible, _PARTITIONS),
            "comparison": comparison,
            "svg": cut_graph(title, network.names, sides, edges),
        }

    return Search(inputs, ansatz, spectrum, result)


def _enumerated(cost: Ising) -> tuple[Spectrum, JSONObject]:
    """Return the cuts of all partitions, and the largest as a comparison."""
    spectrum, comparison = evidence.compared(
        "Enumeration of all partitions, which finds the largest cut.",
        lambda: Spectrum(-cost.energies(), maximised=True),
    )
    return spectrum, comparison | {"value": spectrum.best}
