"""A minimiser that a process may leave between evaluations: COBYLA, replayed over known values.

The state of a loop is the list of the points that were evaluated, with their values. Each time, the
minimiser runs from its start over the known values, which it asks for in the same order, and stops
at the first point that is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

MOST_EVALUATIONS = 100
"""Beyond which a replay, whose time grows with their number, takes seconds."""
_SAME = 1e-9
"""Largest difference between a point and the same point of a replay."""

type Point = Sequence[float]
type Evaluation = tuple[Point, float]


class _UnknownPoint(Exception):  # noqa: N818 - it is no error
    def __init__(self, point: list[float]) -> None:
        super().__init__()
        self.point = point


class _OtherPath(Exception):  # noqa: N818 - likewise
    """The replay does not ask for the points that are known."""


@dataclass(frozen=True, slots=True)
class Minimiser:
    """COBYLA (Powell 1994) from a point, with a first step, for a number of evaluations."""

    start: Point
    step: float
    evaluations: int
    """At most, of the function that is minimised."""

    def next_point(self, known: Sequence[Evaluation]) -> list[float] | None:
        """Return the point to evaluate next; None when the search is over.

        Where a replayed point is not the one that is stored, as after an update of SciPy in the
        middle of a job, the search is over: the best known point is the answer.
        """
        if len(known) >= self.evaluations:
            return None
        values = iter(known)

        def evaluate(point: np.ndarray) -> float:
            evaluation = next(values, None)
            if evaluation is None:
                raise _UnknownPoint([float(x) for x in point])
            if not np.allclose(point, evaluation[0], rtol=0, atol=_SAME):
                raise _OtherPath
            return evaluation[1]

        try:
            minimize(
                evaluate,
                np.asarray(self.start, dtype=float),
                method="COBYLA",
                options={"rhobeg": self.step, "maxiter": self.evaluations},
            )
        except _UnknownPoint as unknown:
            return unknown.point
        except _OtherPath:
            return None
        return None


def best(known: Sequence[Evaluation]) -> Evaluation:
    """Return the evaluation with the least value.

    Raises:
        ValueError: there is none.

    """
    return min(known, key=lambda evaluation: evaluation[1])
