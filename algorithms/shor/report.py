"""The result: the factors, the order that gave them, and whether the peaks were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from algorithms.shor.circuit import counting_qubits
from algorithms.shor.numbers import factors, order, order_of_reading, smallest_factor
from algorithms.shor.peaks import CONFIDENCE, Peaks, distribution, random_success, success
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.drawing import page
from qjobs.drawing.columns import Columns, histogram
from qjobs.drawing.page import Series
from qjobs.methods import evidence
from qjobs.methods.statistics import share_interval

MOST_READINGS = 12
"""That are listed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The readings of the circuit of a base, and the order that they tell."""

    number: int
    base: int
    counts: Counts
    order: int | None

    @property
    def bits(self) -> int:
        """The counting qubits."""
        return counting_qubits(self.number)

    @property
    def factors(self) -> tuple[int, int] | None:
        """The factors that the order gives."""
        return factors(self.base, self.order, self.number) if self.order else None


def order_of(counts: Counts, base: int, number: int) -> int | None:
    """Return the order by the most frequent reading that tells one; None if none does."""
    ranked = sorted(counts.readings, key=lambda one: (-counts.readings[one], one))
    bits = counting_qubits(number)
    told = (order_of_reading(int(one, 2), bits, base, number) for one in ranked)
    return next((power for power in told if power), None)


def finding(attempt: Attempt, tried: Sequence[JSONObject]) -> JSONObject:
    """Return the result of an attempt, after those that gave no factors."""
    number, base, counts, bits = attempt.number, attempt.base, attempt.counts, attempt.bits
    exact = order(base, number)
    peaks = Peaks.of(counts, bits, exact)
    hits = success(counts, bits, base, number)
    found = attempt.factors
    smallest, comparison = evidence.compared(
        "Trial division by 2, 3, 4, ...", lambda: smallest_factor(number)
    )
    comparison["value"] = [smallest, number // smallest]
    every = [*tried, {"base": base, "order": attempt.order}]
    return {
        "outcome": "Factored" if found else "NotFactored",
        **({"factors": list(found)} if found else {}),
        "explanation": _explanation(attempt, peaks),
        "number": number,
        "bases": [_base(one, number) for one in every],
        "orderFinding": {
            "base": base,
            "exactOrder": exact,
            "countingQubits": bits,
            "peaks": {
                "share": peaks.share,
                "theory": peaks.theory,
                "chance": peaks.chance,
                "probability": peaks.probability,
                "confidence": CONFIDENCE,
                "outcome": "Shown" if peaks.shown else "NotShown",
            },
        },
        "success": {"readings": hits, "share": hits / counts.total},
        "readings": _most_frequent(attempt, peaks),
        "verified": _verified(attempt),
        "comparison": comparison,
        "baseline": evidence.baseline(
            "Share of random readings that lead to the factors as well",
            random_success(bits, base, number),
        ),
        "uncertainty": evidence.uncertainty(share_interval(hits, counts.total)),
        "svg": _picture(attempt, peaks, exact),
    }


def _base(one: JSONObject, number: int) -> JSONObject:
    base, power = one["base"], one["order"]
    if power is None:
        return {"base": base, "outcome": "NoOrder"}
    if factors(base, power, number):
        outcome = "Factors"
    else:
        outcome = "OddOrder" if power % 2 else "TrivialRoot"
    return {"base": base, "order": power, "outcome": outcome}


def _verified(attempt: Attempt) -> JSONObject:
    found = attempt.factors
    if found and found[0] * found[1] == attempt.number and found[0] > 1:
        return evidence.verified(
            f"{found[0]} x {found[1]} = {attempt.number}, and {attempt.base}^{attempt.order} is 1 "
            f"modulo {attempt.number}."
        )
    return evidence.not_verified("There are no factors to multiply.")


def _explanation(attempt: Attempt, peaks: Peaks) -> str:
    number, base, power = attempt.number, attempt.base, attempt.order
    if power is None:
        text = f"No reading tells an order of the base {base}."
    elif attempt.factors:
        text = f"The base {base} has the order {power}, which gives the factors."
    elif power % 2:
        text = f"The base {base} has the odd order {power}, which gives no factors."
    else:
        half = power // 2
        text = f"{base}^{half} is -1 modulo {number}, so that the order {power} gives no factors."
    shares = f"{peaks.share:.1%} of the readings are at the peaks, {peaks.chance:.1%} by chance"
    if peaks.shown:
        return f"{text} {shares}: order finding is shown at a confidence of {CONFIDENCE:.1%}."
    luck = "; the factors may as well come from random readings" if attempt.factors else ""
    return f"{text} {shares}: order finding is not shown{luck}."


def _most_frequent(attempt: Attempt, peaks: Peaks) -> list[JSONObject]:
    counts = attempt.counts
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    listed = []
    for one, count in ranked[:MOST_READINGS]:
        value = int(one, 2)
        told = order_of_reading(value, attempt.bits, attempt.base, attempt.number)
        listed.append(
            {
                "value": value,
                "count": count,
                "frequency": counts.frequency(one),
                "atPeak": value in peaks.places,
                **({"order": told} if told else {}),
            }
        )
    return [reading for reading in listed if reading["count"]]


def _picture(attempt: Attempt, peaks: Peaks, exact: int) -> str:
    counts, bits = attempt.counts, attempt.bits
    shares = {int(one, 2): counts.frequency(one) for one in counts.readings}
    at = {value: share for value, share in shares.items() if value in peaks.places}
    rest = {value: share for value, share in shares.items() if value not in peaks.places}
    ideal = distribution(bits, exact)
    found = attempt.factors
    answer = (
        f"{attempt.number} = {found[0]} x {found[1]}" if found else f"{attempt.number}: no factors"
    )
    return histogram(
        f"{answer}; readings for the base {attempt.base}, whose order is {exact}",
        (f"reading; the peaks are the multiples of {1 << bits} / {exact}", "share"),
        1 << bits,
        [
            Columns(Series("at a peak", page.BLUE), at),
            Columns(Series("elsewhere", page.VIOLET), rest),
        ],
        ({place: ideal[place] for place in sorted(peaks.places)}, "without noise"),
    )
