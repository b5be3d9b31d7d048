"""The evidence beside the readings of two emoticons."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from algorithms.emoticons.drawing import Reading
from algorithms.emoticons.text import BITS
from qjobs.domain.algorithm import JSONObject
from qjobs.methods import evidence
from qjobs.methods.statistics import chance_of_as_many, share_interval

FEWEST_READINGS = 30
"""Below which the shares of the two emoticons tell nothing."""
RAREST = 0.001
"""The probability below which shares are not those of a fair coin."""


def evidence_of(asked: tuple[str, str], readings: Sequence[Reading]) -> JSONObject:
    """Return the shared members of the result, about the share of readings that are neither."""
    total = sum(reading.count for reading in readings)
    others = sum(reading.count for reading in readings if not reading.asked)

    def drawn() -> float:
        coin = Random(0)  # noqa: S311 - a comparison, no secret
        texts = [coin.choice(asked) for _ in range(total)]
        return sum(text not in asked for text in texts) / total

    _, comparison = evidence.compared(
        "A classical generator draws one of the two texts as often as the circuit was read: share "
        "of draws that are neither",
        drawn,
    )
    return {
        "verified": _verified(total, others, [one.count for one in readings if one.asked]),
        "comparison": comparison,
        "baseline": evidence.baseline(
            "Share of random readings that are neither of the two", 1 - 2 / 2**BITS
        ),
        "uncertainty": evidence.uncertainty(share_interval(others, total)),
    }


def _verified(total: int, others: int, counts: Sequence[int]) -> JSONObject:
    if total < FEWEST_READINGS:
        return evidence.not_verified(
            f"{total} readings are too few to compare; {FEWEST_READINGS} are enough."
        )
    if others:
        return evidence.not_verified(f"{others} of {total} readings are neither emoticon.")
    chance = min(1.0, 2 * chance_of_as_many(max(counts), total, 0.5))
    if chance < RAREST:
        return evidence.not_verified(
            f"Shares that are so unequal come by chance in {chance:.1g} of all cases."
        )
    return evidence.verified(
        "Every reading is one of the two, and their shares are as those of a fair coin. Whether "
        "the qubits were both before they were read, such readings cannot tell."
    )
