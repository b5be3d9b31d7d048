"""Choice of assets by the quantum approximate optimisation algorithm, at a fixed number of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.portfolio.market import Market
from algorithms.portfolio.picture import picture
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods import evidence
from qjobs.methods.limits import check_size, rejected
from qjobs.methods.mixers import ExchangeMixer
from qjobs.methods.qaoa import Ansatz, layers_for
from qjobs.methods.qaoa_search import Found, Search
from qjobs.methods.spectrum import Solutions, Spectrum, optimisation

_MOST_ASSETS = {
    Kind.SIMULATOR: 14,
    Kind.NOISY_SIMULATOR: 8,
    Kind.HARDWARE: 8,
    Kind.SYNTAX_CHECKER: 14,
}
_CHOICES = Solutions("choice", "choices")
_PACE, _PACE_OF_ONE = (0.8, 1.2), (0.8, 1.5)
"""Of the angles, fitted to 12 random markets of 6 and 8 assets; the second with one layer."""
_EQUAL = 1e-12
"""Of the objectives: they differ by rounding alone."""


class Portfolio:
    """A qubit for each asset, read as whether it is chosen."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the first circuit.

        Raises:
            InputRejectedError: there are too many assets for the target, the matrix is not a
                covariance of them, or all choices are equally good.

        """
        names = inputs.input["assets"]
        check_size(inputs, len(names), _MOST_ASSETS, "assets", "/input/assets")
        market = Market.of(inputs.input)
        objectives = Spectrum(market.objectives())
        largest = float(np.abs(objectives.feasible).max())
        equal = abs(objectives.worst - objectives.best) <= _EQUAL * largest
        if equal or not market.cost.scale:
            raise rejected(
                "All choices are equally good: the assets do not differ in return and risk.",
                "/input/assets",
            )
        return _search(inputs, market).first()

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the choice, or the next circuit of the search for angles.

        Raises:
            AlgorithmError: no reading has the right number of assets.

        """
        return _search(inputs, Market.of(inputs.input)).next(state, outcomes)


algorithm = Portfolio()


def _search(inputs: Inputs, market: Market) -> Search:
    cost, mixer = market.cost, ExchangeMixer(len(market.names), market.choose)
    layers = layers_for(inputs, cost, mixer)
    ansatz = Ansatz(mixer.qubits, cost, mixer, layers, _PACE if layers > 1 else _PACE_OF_ONE)
    spectrum, comparison = evidence.compared(
        "Enumeration of all choices, which finds the best.", lambda: Spectrum(market.objectives())
    )

    def result(found: Found) -> JSONObject:
        chosen = market.chosen(found.reading)
        gain, variance = market.expected_return(chosen), market.variance(chosen)
        objective = market.risk_aversion * variance - gain
        best = market.chosen(f"{int(np.nanargmin(spectrum.values)):b}")
        return {
            "assets": [market.names[place] for place in chosen],
            "expectedReturn": gain,
            "variance": variance,
            "objective": objective,
            "readings": found.sampled.readings(spectrum),
            "layers": ansatz.layers,
            "twoQubitGates": ansatz.two_qubit_gates,
            "circuits": found.circuits,
            **optimisation(spectrum, objective, found.feasible, _CHOICES),
            "comparison": comparison | {"value": spectrum.best},
            "svg": picture(market, found.sampled, chosen, best),
        }

    return Search(inputs, ansatz, spectrum, result)
