"""The graph of an input: its vertices by name, and the weights between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qjobs.domain.algorithm import JSONObject
from qjobs.methods.ising import Pair
from qjobs.methods.limits import rejected


@dataclass(frozen=True, slots=True)
class Network:
    """A weighted graph without loops and parallel edges."""

    names: tuple[str, ...]
    """Of the vertices, in the order in which the edges name them."""
    weights: dict[Pair, float]
    """By two vertices, the smaller first."""

    @classmethod
    def of(cls, document: JSONObject) -> Network:
        """Return the graph of an input.

        Raises:
            InputRejectedError: an edge is a loop, or no edge has a weight.

        """
        places: dict[str, int] = {}
        weights: dict[Pair, float] = {}
        for number, edge in enumerate(document["edges"]):
            ends = [places.setdefault(edge[end], len(places)) for end in ("from", "to")]
            if ends[0] == ends[1]:
                raise rejected(
                    f"The edge from {edge['from']!r} to itself can never be cut; leave it out.",
                    f"/input/edges/{number}/to",
                )
            weight = edge.get("weight")
            pair = (min(ends), max(ends))
            weights[pair] = weights.get(pair, 0.0) + (1.0 if weight is None else float(weight))
        if not any(weight / 2 for weight in weights.values()):
            raise rejected(
                "All weights are zero, or cancel each other, so that every partition is as good.",
                "/input/edges",
            )
        return cls(tuple(places), weights)

    def cut(self, sides: list[int]) -> float:
        """Return the weight of the edges between the two sides."""
        across = (weight for (i, j), weight in self.weights.items() if sides[i] != sides[j])
        return math.fsum(across)
