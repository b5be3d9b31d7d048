"""The result of a job: the expected loss with its interval, and the evidence beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from algorithms.expected_loss.likelihood import Fit, Misread, Reading, fitted
from algorithms.expected_loss.portfolio import Portfolio
from qjobs.domain.algorithm import JSONObject
from qjobs.drawing import page
from qjobs.drawing.estimates import Estimate, Line, estimates_chart
from qjobs.drawing.page import Series
from qjobs.methods import evidence
from qjobs.methods.statistics import Interval

_EXACT = "Sum of probability times loss, exact for independent assets"
_RANDOM = "Half of the total loss, which random readings of the objective qubit have"


def document(
    portfolio: Portfolio, readings: Sequence[Reading], misread: Misread | None
) -> JSONObject:
    """Return the result as JSON; *misread* is None where no reading can be wrong."""
    fits = [
        fitted(readings[:number], noisy=misread is not None, misread=misread)
        for number in range(1, len(readings) + 1)
    ]
    fit, total = fits[-1], portfolio.total
    interval = _scaled(fit.interval, total)
    exact, comparison = evidence.compared(_EXACT, portfolio.expected_loss)
    calls = sum((2 * one.power + 1) * one.total for one in readings)
    return {
        "expectedLoss": fit.share * total,
        "totalLoss": total,
        "circuits": [
            {
                "power": one.power,
                "readings": one.total,
                "share": one.ones / one.total,
                "expectedShare": expected,
            }
            for one, expected in zip(readings, fit.expected, strict=True)
        ],
        "noise": _noise(fit, readings, misread, total),
        "sampling": {
            "draws": calls,
            "standardError": portfolio.deviation() / math.sqrt(calls),
        },
        "verified": _verified(fit, interval, exact),
        "comparison": comparison,
        "baseline": evidence.baseline(_RANDOM, total / 2),
        "uncertainty": evidence.uncertainty(interval),
        "svg": _picture(fits, total, exact, [one.power for one in readings]),
    }


def certain() -> JSONObject:
    """Return the result for assets without losses, for which no circuit is run."""
    value, comparison = evidence.compared(_EXACT, lambda: 0.0)
    line = Line(Series("exact 0", page.GREEN), 0.0)
    return {
        "expectedLoss": value,
        "totalLoss": 0.0,
        "circuits": [],
        "noise": {"mitigation": "None", "decay": 0.0, "rawExpectedLoss": value},
        "sampling": {"draws": 0, "standardError": 0.0},
        "verified": evidence.verified("No asset has a loss; no circuit was run."),
        "comparison": comparison,
        "baseline": evidence.baseline(_RANDOM, 0.0),
        "uncertainty": evidence.uncertainty(Interval(0.0, 0.0)),
        "svg": estimates_chart("Expected loss 0", ("circuits used", "expected loss"), [], [line]),
    }


def _noise(
    fit: Fit, readings: Sequence[Reading], misread: Misread | None, total: float
) -> JSONObject:
    noise: JSONObject = {
        "mitigation": "FittedDecay" if misread else "None",
        "decay": fit.decay,
        "rawExpectedLoss": (fitted(readings).share if misread else fit.share) * total,
    }
    if misread:
        noise["readOneForZero"] = misread.one_for_zero
        noise["readZeroForOne"] = misread.zero_for_one
    if fit.probability is not None:
        noise["fitProbability"] = fit.probability
    return noise


def _verified(fit: Fit, interval: Interval, exact: float) -> JSONObject:
    if not fit.is_good:
        return evidence.not_verified(
            "The counts of the circuits do not fit together (probability "
            f"{fit.probability:.1g}): there is noise of a kind that the fit does not have. The "
            "interval was widened by as much as they miss."
        )
    if exact in interval:
        return evidence.verified("The exact expected loss, which is a sum, is in the interval.")
    return evidence.not_verified(
        f"The exact expected loss, {exact:.6g}, is outside of the interval. By chance that happens "
        "once in 20 jobs; if it happens again, readings are wrong."
    )


def _scaled(interval: Interval, total: float) -> Interval:
    return Interval(interval.lower * total, interval.upper * total, interval.confidence)


def _picture(fits: Sequence[Fit], total: float, exact: float, powers: Sequence[int]) -> str:
    """Return the intervals after one circuit, two, and so on, to the answer, as SVG."""
    bars = []
    for number, fit in enumerate(fits, 1):
        interval = _scaled(fit.interval, total)
        bars.append(Estimate(number, fit.share * total, interval.lower, interval.upper))
    answer = bars[-1]
    series = [(Series("answer", page.ORANGE, square=True), [answer])]
    if len(bars) > 1:
        series.insert(0, (Series("with fewer circuits", page.BLUE), bars[:-1]))
    listed = ", ".join(map(str, powers))
    return estimates_chart(
        f"Expected loss {answer.value:.5g}, 95 % interval {answer.lower:.5g} to {answer.upper:.5g}",
        (f"circuits used, with {listed} Grover operators", "expected loss"),
        series,
        [Line(Series(f"exact {exact:.5g}", page.GREEN), exact)],
    )
