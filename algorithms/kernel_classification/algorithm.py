"""Classification by a projected quantum kernel: each point is measured once, in one step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.kernel_classification.bandwidth import best_bandwidth
from algorithms.kernel_classification.data import Data
from algorithms.kernel_classification.feature_map import axes, circuits_of
from algorithms.kernel_classification.outcome import document
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError


class KernelClassification:
    """Measures the Bloch vectors of all points, and compares those instead of the states.

    Comparing states takes a circuit for each pair of points, the vectors two or three for each
    point. The bandwidth of the map is chosen before anything runs, on the training points.
    """

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuits of all points, the training points first.

        Raises:
            InputRejectedError: the points are not of one kind, or there are too many.

        """
        layers = int(inputs.input["layers"])
        data = Data.of(inputs, len(axes(layers)))
        bandwidth = best_bandwidth(data.training, data.labels, layers, inputs.shots)
        circuits = [
            circuit
            for point in np.concatenate([data.training, data.test])
            for circuit in circuits_of(bandwidth * point, layers)
        ]
        return Execute(circuits, {"bandwidth": bandwidth})

    def resume(self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Finish:
        """Return the classes of the test points.

        Raises:
            AlgorithmError: a circuit has no reading.

        """
        if not all(counts.total for counts in outcomes):
            raise AlgorithmError("A circuit returned no readings, so a point is not known.")
        layers = int(inputs.input["layers"])
        data = Data.of(inputs, len(axes(layers)))
        vectors = _vectors(outcomes, data.training.shape[1], len(axes(layers)))
        shots = min(counts.total for counts in outcomes)
        return Finish(document(data, vectors, state["bandwidth"], layers, shots))


algorithm = KernelClassification()


def _vectors(outcomes: Sequence[Counts], features: int, directions: int) -> np.ndarray:
    """Return the measured Bloch vectors, of shape (points, features, directions)."""
    means = np.array([_means(counts, features) for counts in outcomes])
    return means.reshape(-1, directions, features).transpose(0, 2, 1)


def _means(counts: Counts, features: int) -> list[float]:
    """Return the share of zeros less that of ones, for each qubit."""
    ones = [0] * features
    for bits, number in counts.readings.items():
        for qubit, bit in enumerate(reversed(bits)):
            ones[qubit] += number * (bit == "1")
    return [1 - 2 * number / counts.total for number in ones]
