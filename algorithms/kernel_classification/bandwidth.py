"""The bandwidth of the feature map, chosen on the training points."""

from __future__ import annotations

import numpy as np

from algorithms.kernel_classification.feature_map import exact_vectors
from algorithms.kernel_classification.ridge import chosen

BANDWIDTHS = (0.1, 0.2, 0.4, 0.8)
"""In radians per standard deviation of a feature."""
_DRAWS = 5


def best_bandwidth(training: np.ndarray, labels: np.ndarray, layers: int, shots: int) -> float:
    """Return the bandwidth with which most training points are classified rightly when left out.

    Its kernels are computed by state vectors, with the errors that so many shots will have: the
    smaller the bandwidth, the more they weigh.
    """

    def rank(bandwidth: float) -> tuple[float, float]:
        exact = exact_vectors(bandwidth * training, layers)
        drawn = [chosen(resampled(exact, shots, draw), labels) for draw in range(_DRAWS)]
        return (
            float(np.mean([one.hits for one in drawn])),
            -float(np.mean([one.error for one in drawn])),
        )

    return max(BANDWIDTHS, key=rank)


def resampled(vectors: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Return Bloch vectors as so many shots might have measured them."""
    shares = np.clip((1 + vectors) / 2, 0, 1)
    return np.asarray(2 * np.random.default_rng(seed).binomial(shots, shares) / shots - 1)
