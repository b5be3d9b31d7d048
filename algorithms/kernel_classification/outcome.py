"""The result of a job: classes with decision values, and the evidence beside them."""

from __future__ import annotations

import numpy as np

from algorithms.kernel_classification.bandwidth import resampled
from algorithms.kernel_classification.data import Data, random_hits
from algorithms.kernel_classification.feature_map import exact_vectors
from algorithms.kernel_classification.picture import picture
from algorithms.kernel_classification.ridge import Choice, chosen, decisions
from qjobs.domain.algorithm import JSONObject
from qjobs.methods import evidence
from qjobs.methods.statistics import share_interval

_DRAWS = 20
_CERTAIN = 2
"""Standard errors between a decision value and 0."""


def document(
    data: Data, vectors: np.ndarray, bandwidth: float, layers: int, shots: int
) -> JSONObject:
    """Return the result as JSON."""
    training, test = np.split(vectors, [len(data.labels)])
    choice = chosen(training, data.labels)
    values = decisions(training, data.labels, test, choice)
    errors = _errors(data, vectors, choice, shots)
    exact = _exact(data, bandwidth, layers, choice)
    (hits, total), scored = _score(data, values, choice)
    rival, comparison = evidence.compared(
        "Gaussian (RBF) kernel on the features, tuned on the same training points",
        lambda: _classical(data),
    )
    comparison["value"] = rival / total
    chance = random_hits(data) if data.judged else _majority(data)
    accuracy = hits / total
    return {
        "predictions": [
            {
                "class": data.named(float(value)),
                "decision": float(value),
                "standardError": float(error),
                "certain": bool(abs(value) > _CERTAIN * error),
                **({} if label is None else {"right": data.named(float(value)) == label}),
            }
            for value, error, label in zip(values, errors, data.known, strict=True)
        ],
        "classes": list(data.classes),
        "accuracy": accuracy,
        "accuracyOf": scored,
        "advantage": accuracy - rival / total,
        "kernel": {
            "bandwidth": bandwidth,
            "layers": layers,
            "width": choice.width,
            "regularisation": choice.regularisation,
            "trainingAccuracy": choice.hits / len(data.labels),
        },
        "verified": _verified(data, values, errors, exact),
        "comparison": comparison,
        "baseline": evidence.baseline(
            "Accuracy of the commonest class of the training points, which is all that random "
            "readings leave",
            chance / total,
        ),
        "uncertainty": evidence.uncertainty(share_interval(hits, total)),
        "svg": picture(data, values, errors, f"{hits} of {total} right; {rival} by the RBF kernel"),
    }


def _score(data: Data, values: np.ndarray, choice: Choice) -> tuple[tuple[int, int], str]:
    """Return hits and number of the points that are judged, and which these are."""
    if data.judged:
        return (data.hits(values), data.judged), "TestPoints"
    return (choice.hits, len(data.labels)), "TrainingPointsLeftOut"


def _classical(data: Data) -> int:
    """Return the hits of the classical kernel, by the same choice of parameters."""
    choice = chosen(data.training, data.labels)
    values = decisions(data.training, data.labels, data.test, choice)
    return _score(data, values, choice)[0][0]


def _majority(data: Data) -> int:
    return int(max(np.sum(data.labels > 0), np.sum(data.labels < 0)))


def _errors(data: Data, vectors: np.ndarray, choice: Choice, shots: int) -> np.ndarray:
    """Return the standard errors of the decision values, by drawing the readings again."""
    drawn = []
    for draw in range(_DRAWS):
        training, test = np.split(resampled(vectors, shots, draw), [len(data.labels)])
        drawn.append(decisions(training, data.labels, test, choice))
    return np.asarray(np.std(drawn, axis=0, ddof=1))


def _exact(data: Data, bandwidth: float, layers: int, choice: Choice) -> np.ndarray:
    """Return the decision values of the same kernel, computed by state vectors."""
    points = np.concatenate([data.training, data.test])
    vectors = exact_vectors(bandwidth * points, layers)
    training, test = np.split(vectors, [len(data.labels)])
    return decisions(training, data.labels, test, choice)


def _verified(data: Data, values: np.ndarray, errors: np.ndarray, exact: np.ndarray) -> JSONObject:
    other = [
        data.named(float(a)) != data.named(float(b)) for a, b in zip(values, exact, strict=True)
    ]
    wrong = int(np.sum(other & (np.abs(values) > _CERTAIN * errors)))
    if wrong:
        return evidence.not_verified(
            f"By the same kernel without errors {wrong} of {len(values)} points are of the other "
            "class, although they are called certain: readings are wrong. The accuracy is that of "
            "the classes as they were found."
        )
    open_ones = sum(other)
    rest = f"; {open_ones} that are not certain would be of the other one" if open_ones else ""
    return evidence.verified(
        f"All points that are certain are of the class that the exact kernel gives{rest}. Whether "
        "a class is the true one only known labels tell."
    )
