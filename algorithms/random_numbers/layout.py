"""How many circuits of which size a request for random numbers takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from algorithms.random_numbers.extraction import Range

WORD_BITS = 12
READINGS_PER_WORD = 16
"""Expected at least: enough to drown a bias, and a label is missing once in e^16."""
MOST_LABEL_BITS = 8
MOST_CIRCUITS = 100
_SHORTFALL = 40 * math.log(2)
"""Minus the logarithm of the probability that the first round does not suffice."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Equal circuits, each of `label_bits + WORD_BITS` qubits."""

    circuits: int
    label_bits: int

    @property
    def qubits(self) -> int:
        """Size of each circuit."""
        return self.label_bits + WORD_BITS


def layout(wanted: Range, count: int, shots: int) -> Layout:
    """Return the fewest and smallest circuits that give *count* numbers almost certainly."""
    needed = math.ceil(candidates_needed(wanted, count) * wanted.bits / WORD_BITS)
    affordable = max(1, shots // READINGS_PER_WORD).bit_length() - 1
    label_bits = min((needed - 1).bit_length(), affordable, MOST_LABEL_BITS)
    return Layout(math.ceil(needed / (1 << label_bits)), label_bits)


def fewest_shots(wanted: Range, count: int) -> int:
    """Return how many shots it takes for *count* numbers not to need too many circuits."""
    return next(
        shots
        for shots in (READINGS_PER_WORD << bits for bits in range(MOST_LABEL_BITS + 1))
        if layout(wanted, count, shots).circuits <= MOST_CIRCUITS
    )


def candidates_needed(wanted: Range, count: int) -> int:
    """Return how many numbers to draw so that *count* are in the range, but for one in 2^40 cases.

    Of m draws accepted with probability p, fewer than pm - sqrt(2 pm s) are accepted with
    probability e^-s at most (Chernoff's bound of the lower tail).
    """
    if wanted.acceptance == 1:
        return count
    spread = math.sqrt(2 * _SHORTFALL)
    expected = ((spread + math.sqrt(spread**2 + 4 * count)) / 2) ** 2
    return math.ceil(expected / wanted.acceptance)
