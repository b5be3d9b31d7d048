"""The picture of the check: what was read, beside the ideal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from algorithms.ghz.fidelity import Estimate, Populations, parity
from qjobs.domain.algorithm import Counts
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.drawing.page import BLUE, GREEN, ORANGE, Series
from qjobs.methods.statistics import share_error

_LEGEND = (
    Series("fidelity", GREEN),
    Series("share of the readings", BLUE),
    Series("parity along a direction", ORANGE),
)


def draw(
    qubits: int, fidelity: Estimate, outcomes: Sequence[Counts], angles: Sequence[float]
) -> str:
    """Return a bar chart of the fidelity, the populations and the parities, each with its error."""
    plain, *rotated = outcomes
    populations = Populations.of(plain, qubits)
    zeros, ones, total = populations.zeros, populations.ones, populations.total
    shares = [("all 0", zeros), ("all 1", ones), ("others", total - zeros - ones)]
    ideals = {"all 0": "ideally 0.5", "all 1": "ideally 0.5", "others": "ideally 0"}
    bars = [_bar("fidelity", fidelity, 0, "ideally 1")]
    bars += [
        _bar(label, Estimate(count / total, share_error(count, total)), 1, ideals[label])
        for label, count in shares
    ]
    bars += [
        _bar(f"along {math.degrees(angle):.4g}°", parity(counts), 2, f"ideally {(-1) ** k}")
        for k, (angle, counts) in enumerate(zip(angles, rotated, strict=True))
    ]
    return bar_chart(
        f"GHZ state of {qubits} qubits: fidelity {'' if rotated else 'at most '}"
        f"{fidelity.value:.3f}",
        "value, with its standard error",
        bars,
        _LEGEND if rotated else _LEGEND[:2],
    )


def _bar(label: str, estimate: Estimate, series: int, ideal: str) -> Bar:
    note = f"{estimate.value:.3f}, {ideal}"
    return Bar(label, estimate.value, estimate.standard_error, series, note)
