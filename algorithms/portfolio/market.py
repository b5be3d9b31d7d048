"""Assets of an input: their expected returns, their covariances, and what choices of them cost."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qjobs.domain.algorithm import JSONObject
from qjobs.methods.ising import Ising, of_matrix
from qjobs.methods.limits import rejected

_ROUNDED = 1e-6
"""Of the largest entry: a matrix that is a covariance but for so much was rounded."""


@dataclass(frozen=True, slots=True)
class Market:
    """Assets by name, of which a number is to be chosen."""

    names: tuple[str, ...]
    returns: np.ndarray
    covariance: np.ndarray
    choose: int
    risk_aversion: float

    @classmethod
    def of(cls, document: JSONObject) -> Market:
        """Return the market of an input.

        Raises:
            InputRejectedError: two assets have the same name, the matrix is not a covariance of
                them, or there are no fewer assets than are to be chosen.

        """
        names = [asset["name"] for asset in document["assets"]]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise rejected(f"Two assets have the name {name!r}.", f"/input/assets/{place}/name")
        choose = int(document["choose"])
        if choose >= len(names):
            raise rejected(
                f"Of {len(names)} assets at most {len(names) - 1} can be chosen.", "/input/choose"
            )
        returns = np.array([asset["expectedReturn"] for asset in document["assets"]], dtype=float)
        covariance = _covariance(document["covariance"], len(names))
        return cls(tuple(names), returns, covariance, choose, float(document["riskAversion"]))

    @property
    def objective_matrix(self) -> np.ndarray:
        """The matrix Q of the objective x^T Q x."""
        return self.risk_aversion * self.covariance - np.diag(self.returns)

    @property
    def cost(self) -> Ising:
        """The objective as a Hamiltonian, but for a constant among choices of that many assets.

        Equal fields and equal couplings make no difference among them: without their means the
        scale is that of the differences.
        """
        whole = of_matrix(self.objective_matrix.tolist())
        pairs = list(itertools.combinations(range(len(self.names)), 2))
        field = math.fsum(whole.fields) / len(whole.fields)
        coupling = math.fsum(whole.couplings.values()) / len(pairs)
        couplings = {pair: whole.couplings.get(pair, 0.0) - coupling for pair in pairs}
        return Ising(
            tuple(one - field for one in whole.fields),
            {pair: strength for pair, strength in couplings.items() if strength},
        )

    def objectives(self) -> np.ndarray:
        """Return the objective for each reading; NaN for another number of assets."""
        values = of_matrix(self.objective_matrix.tolist()).energies()
        ones = np.array([number.bit_count() for number in range(len(values))])
        return np.where(ones == self.choose, values, np.nan)

    def expected_return(self, chosen: Sequence[int]) -> float:
        """Return the expected sum of the returns of some assets."""
        return math.fsum(self.returns[list(chosen)])

    def variance(self, chosen: Sequence[int]) -> float:
        """Return the variance of the sum of the returns of some assets."""
        variance = math.fsum(self.covariance[np.ix_(list(chosen), list(chosen))].ravel())
        return max(variance, 0.0)  # it may be below by rounding

    def chosen(self, reading: str) -> list[int]:
        """Return the places of the assets that a reading chooses."""
        return [place for place, bit in enumerate(reversed(reading)) if bit == "1"]


def _covariance(rows: Sequence[Sequence[float]], assets: int) -> np.ndarray:
    if len(rows) != assets:
        raise rejected(
            f"There are {assets} assets, so it takes {assets} rows; there are {len(rows)}.",
            "/input/covariance",
        )
    for place, row in enumerate(rows):
        if len(row) != assets:
            raise rejected(
                f"There are {assets} assets, so a row takes {assets} numbers; it has {len(row)}.",
                f"/input/covariance/{place}",
            )
    matrix = np.array(rows, dtype=float)
    largest = float(np.abs(matrix).max())
    for i, j in itertools.combinations(range(assets), 2):
        if abs(matrix[i, j] - matrix[j, i]) > _ROUNDED * largest:
            raise rejected(
                f"The covariance of two assets does not depend on their order: {matrix[j, i]:g} "
                f"here, {matrix[i, j]:g} in row {i + 1}.",
                f"/input/covariance/{j}/{i}",
            )
    symmetric: np.ndarray = (matrix + matrix.T) / 2
    if np.linalg.eigvalsh(symmetric)[0] < -_ROUNDED * largest:
        raise rejected(
            "It is the covariance of no returns: some mixture of the assets would have a negative "
            "variance.",
            "/input/covariance",
        )
    return symmetric
