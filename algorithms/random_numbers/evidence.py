"""The evidence beside random numbers: a check of the coins, and what the numbers come from."""

from __future__ import annotations

import secrets

from algorithms.random_numbers.extraction import Range
from qjobs.domain.algorithm import Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods import evidence
from qjobs.methods.statistics import Interval, chance_of_as_many, share_interval

RAREST = 0.001
"""The probability below which a share of ones is not that of fair coins."""
_SOURCES = {
    Kind.HARDWARE: "QuantumDevice",
    Kind.SIMULATOR: "PseudoRandom",
    Kind.NOISY_SIMULATOR: "PseudoRandom",
    Kind.SYNTAX_CHECKER: "PseudoRandom",
}


def source_of(inputs: Inputs, wanted: Range) -> str:
    """Return the source of the randomness, by the kind of the target."""
    if not wanted.bits:
        return "NoChoice"
    return _SOURCES[inputs.target.kind] if inputs.target else "Unknown"


def evidence_of(wanted: Range, count: int, ones: int, bits: int) -> JSONObject:
    """Return the shared members of the result, about the share of ones in all *bits* measured."""

    def draw() -> int:
        return len([wanted.minimum + secrets.randbelow(wanted.size) for _ in range(count)])

    _, comparison = evidence.compared(
        "The operating system's generator (secrets.randbelow): how many numbers it drew, which are "
        "others each time and so not shown",
        draw,
    )
    return {
        "verified": evidence.not_verified(_reason(ones, bits)),
        "comparison": comparison,
        "baseline": evidence.baseline("Share of ones of fair coins", 0.5),
        "uncertainty": evidence.uncertainty(
            share_interval(ones, bits) if bits else Interval(0.0, 1.0)
        ),
    }


def _reason(ones: int, bits: int) -> str:
    if not bits:
        return "The range leaves no choice, so nothing was measured."
    unverifiable = "No check of numbers can show that they are random"
    chance = min(1.0, 2 * chance_of_as_many(max(ones, bits - ones), bits, 0.5))
    if chance < RAREST:
        return (
            f"{unverifiable}; these bits are not those of fair coins: a share of ones of "
            f"{ones / bits:.4f} comes by chance in {chance:.1g} of all cases. A number combines "
            "many of them, which removes such a bias."
        )
    return f"{unverifiable}; the bits measured have no bias that {bits:,} of them could show."
