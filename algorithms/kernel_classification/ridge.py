"""Kernel ridge classification, with everything chosen by leaving one training point out.

With the kernel matrix K, the regularisation r and labels of -1 and 1, the decision value of a point
is k (K + r)^-1 y. Its value for a training point that is left out follows from the same inverse
(Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 7.10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_REGULARISATIONS = (0.01, 0.03, 0.1, 0.3, 1.0)
_WIDTHS = (0.1, 0.3, 1.0, 3.0)
"""Of the Gaussian, in units of one over the median squared distance of two training points."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The parameters that were chosen, and how well they do on the training points."""

    width: float
    regularisation: float
    hits: int
    """Training points that are classified rightly when they are left out."""
    error: float
    """Mean squared difference of their decision values from the labels."""

    @property
    def rank(self) -> tuple[int, float]:
        """The order of choices: the greatest is the best."""
        return self.hits, -self.error


def chosen(vectors: np.ndarray, labels: np.ndarray) -> Choice:
    """Return the best parameters for training points, by their vectors."""
    distances = squared_distances(vectors, vectors)
    others = distances[~np.eye(len(labels), dtype=bool)]
    unit = 1 / max(float(np.median(others)), 1e-9)
    return max(_choices(distances, labels, unit), key=lambda one: one.rank)


def _choices(distances: np.ndarray, labels: np.ndarray, unit: float) -> Iterable[Choice]:
    for width in _WIDTHS:
        kernel = np.exp(-width * unit * distances)
        for regularisation in _REGULARISATIONS:
            inverse = np.linalg.inv(kernel + regularisation * np.eye(len(labels)))
            left_out = labels - inverse @ labels / np.diag(inverse)
            yield Choice(
                width * unit,
                regularisation,
                int(np.sum(np.sign(left_out) == labels)),
                float(np.mean((left_out - labels) ** 2)),
            )


def decisions(
    training: np.ndarray, labels: np.ndarray, points: np.ndarray, choice: Choice
) -> np.ndarray:
    """Return the decision value of each point: above 0 is the class of label 1."""
    kernel = np.exp(-choice.width * squared_distances(training, training))
    weights = np.linalg.solve(kernel + choice.regularisation * np.eye(len(labels)), labels)
    return np.asarray(np.exp(-choice.width * squared_distances(points, training)) @ weights)


def squared_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the squared distance of each of the first to each of the second, as a matrix."""
    one, other = first.reshape(len(first), -1), second.reshape(len(second), -1)
    return np.asarray(np.sum((one[:, None] - other[None]) ** 2, axis=-1))
