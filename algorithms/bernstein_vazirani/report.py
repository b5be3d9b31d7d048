"""The result: the secret by majority, and how often the readings agree with it."""

from __future__ import annotations

from collections.abc import Sequence

from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.drawing import page
from qjobs.drawing.bars import Bar, bar_chart
from qjobs.drawing.page import Series
from qjobs.methods import evidence
from qjobs.methods.statistics import chance_of_as_many, share_error, share_interval

MOST_READINGS = 8
"""That are listed."""
CHANCE = 0.001
"""Probability below which tossed coins do not explain the majorities."""
_SERIES = (
    Series("the secret has a 1", page.BLUE, square=True),
    Series("the secret has a 0", page.ORANGE, square=True),
)


def from_readings(secret: str, counts: Counts) -> JSONObject:
    """Return the result of the readings, at least one."""
    ones = [
        sum(count for bits, count in counts.readings.items() if bits[place] == "1")
        for place in range(len(secret))
    ]
    found = "".join("1" if 2 * hits > counts.total else "0" for hits in ones)
    agreeing = counts.readings.get(found, 0)
    unclear = _unclear(ones, counts.total)
    _, comparison = evidence.compared(
        f"Calling the function once for each of {len(secret)} bits",
        lambda: _by_calls(secret),
    )
    return {
        "secret": found,
        "bits": [_bit(place, found, ones, counts.total) for place in range(len(secret))],
        "agreement": {
            "readings": agreeing,
            "share": agreeing / counts.total,
            "perBit": _mean_agreement(found, ones, counts.total),
        },
        "readings": _most_frequent(counts),
        "verified": _verified(secret, found, unclear),
        "comparison": comparison,
        "baseline": evidence.baseline(
            "Share of random readings that are the secret", 2.0 ** -len(secret)
        ),
        "uncertainty": evidence.uncertainty(share_interval(agreeing, counts.total)),
        "svg": _picture(secret, found, ones, counts.total),
    }


def _by_calls(secret: str) -> str:
    """Return the secret as a classical computer finds it: one call for each bit."""
    number, width = int(secret, 2), len(secret)
    calls = [(number & 1 << place).bit_count() % 2 for place in range(width)]
    return "".join(map(str, reversed(calls)))


def _unclear(ones: Sequence[int], total: int) -> list[int]:
    """Return the places of bits whose majority a tossed coin gives as well.

    A chance of a thousandth is for all bits together, so that each has its part of it.
    """
    return [
        place
        for place, hits in enumerate(ones)
        if 2 * chance_of_as_many(max(hits, total - hits), total, 0.5) > CHANCE / len(ones)
    ]


def _verified(secret: str, found: str, unclear: Sequence[int]) -> JSONObject:
    if found != secret:
        wrong = sum(one != other for one, other in zip(found, secret, strict=True))
        return evidence.not_verified(
            f"It differs in {wrong} of {len(secret)} bits from the secret of the function."
        )
    if unclear:
        return evidence.not_verified(
            "It is the secret of the function, but coins give as clear a majority for "
            f"{len(unclear)} of {len(secret)} bits: more shots tell."
        )
    return evidence.verified("It was compared with the secret of the function.")


def _bit(place: int, found: str, ones: Sequence[int], total: int) -> JSONObject:
    hits = ones[place] if found[place] == "1" else total - ones[place]
    return {
        "value": int(found[place]),
        "share": hits / total,
        "standardError": share_error(hits, total),
    }


def _mean_agreement(found: str, ones: Sequence[int], total: int) -> float:
    hits = (ones[p] if found[p] == "1" else total - ones[p] for p in range(len(found)))
    return sum(hits) / (total * len(found))


def _most_frequent(counts: Counts) -> list[JSONObject]:
    ranked = sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"bits": bits, "count": count, "frequency": counts.frequency(bits)}
        for bits, count in ranked[:MOST_READINGS]
        if count
    ]


def _picture(secret: str, found: str, ones: Sequence[int], total: int) -> str:
    bars = [
        Bar(f"bit {place + 1}", hits / total, share_error(hits, total), int(secret[place] == "0"))
        for place, hits in enumerate(ones)
    ]
    title = f"Read by majority: {found}"
    return bar_chart(title, "share of ones", bars, _SERIES, (0.5, "a coin"))
