"""The points of a job: standardised on the training set, labelled -1 and 1."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from qjobs.domain.algorithm import Inputs
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size, rejected

MOST_CIRCUITS = 210
_FEATURES = {Kind.SIMULATOR: 8, Kind.NOISY_SIMULATOR: 8, Kind.HARDWARE: 8}
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Data:
    """Standardised points with their labels."""

    training: np.ndarray
    """Of shape (points, features)."""
    labels: np.ndarray
    """Of the training points: -1 for the first class, 1 for the second."""
    test: np.ndarray
    classes: tuple[str, str]
    """In alphabetical order."""
    known: list[str | None]
    """The labels of the test points, where they are given."""

    @classmethod
    def of(cls, inputs: Inputs, circuits_of_a_point: int) -> Data:
        """Return the points of an input.

        Raises:
            InputRejectedError: features are missing, the classes are not two, or there are too many
                points.

        """
        training, test = inputs.input["training"], inputs.input["test"]
        circuits = circuits_of_a_point * (len(training) + len(test))
        most = dict.fromkeys(Kind, MOST_CIRCUITS)
        check_size(
            inputs, circuits, most, f"circuits ({circuits_of_a_point} a point)", "/input/test"
        )
        _check_lengths(training, test)
        classes = _classes(training, test)
        points = np.array([one["features"] for one in training], dtype=float)
        # A feature of which all values are equal says nothing: it stays 0.
        centre, scale = points.mean(axis=0), points.std(axis=0)
        scale = np.where(scale > 1e-9 * np.maximum(np.abs(centre), 1e-300), scale, np.inf)
        others = np.array([one["features"] for one in test], dtype=float)
        return cls(
            (points - centre) / scale,
            np.array([-1.0 if one["label"] == classes[0] else 1.0 for one in training]),
            # Points far away are kept where the map still tells them apart.
            np.clip((others - centre) / scale, -5, 5),
            classes,
            [one.get("label") for one in test],
        )

    def named(self, decision: float) -> str:
        """Return the class of a decision value."""
        return self.classes[int(decision > 0)]

    def hits(self, decisions: np.ndarray) -> int:
        """Return how many of the test points with a known label are classified rightly."""
        pairs = zip(decisions, self.known, strict=True)
        return sum(label is not None and self.named(float(one)) == label for one, label in pairs)

    @property
    def judged(self) -> int:
        """The number of test points with a known label."""
        return sum(label is not None for label in self.known)


def _check_lengths(training: list[Any], test: list[Any]) -> None:
    features = len(training[0]["features"])
    for name, points in (("training", training), ("test", test)):
        for index, one in enumerate(points):
            if len(one["features"]) != features:
                raise rejected(
                    f"The first point has {features} features, this one {len(one['features'])}.",
                    f"/input/{name}/{index}/features",
                )


def _classes(training: list[Any], test: list[Any]) -> tuple[str, str]:
    names = sorted({one["label"] for one in training})
    if len(names) != _PAIR:
        raise rejected(
            f"The training points have {len(names)} classes; this tells two apart.",
            "/input/training",
        )
    for name in names:
        if sum(one["label"] == name for one in training) < _PAIR:
            raise rejected(f"Of class {name!r} there has to be a second point.", "/input/training")
    for index, one in enumerate(test):
        if one.get("label") not in (None, *names):
            raise rejected(
                f"No training point has the label {one['label']!r}.", f"/input/test/{index}/label"
            )
    first, second = names
    return first, second


def random_hits(data: Data) -> int:
    """Return how many known labels are those of the most frequent class of the training set."""
    commonest = data.named(float(data.labels.sum()))
    return sum(label == commonest for label in chain(data.known) if label is not None)
