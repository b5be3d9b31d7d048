"""Random bits out of counts, and numbers out of random bits.

Counts say how often each reading came, not in which order. Listing the readings in any fixed
order (by value, say) would make the positions depend on each other, and shuffling them would
put classical randomness in. Instead only what does not depend on the order is used:

- Some bits of a reading are its label, the rest its payload. The payloads of equal label are
  combined by exclusive or into a word; the words are listed by label.
- Payloads are uniform and independent of each other and of all labels. A label that occurs at
  all therefore gives a uniform word, independent of the other words and of which labels occur.

With m readings of a label, a bias b = P(0) - P(1) of independent payload bits shrinks to b^m
(the piling-up lemma: M. Matsui, EUROCRYPT 1993).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qjobs.domain.algorithm import Counts


@dataclass(frozen=True, slots=True)
class Range:
    """Integers from `minimum` to `maximum`, both included."""

    minimum: int
    maximum: int

    @property
    def size(self) -> int:
        """How many integers there are."""
        return self.maximum - self.minimum + 1

    @property
    def bits(self) -> int:
        """How many bits it takes to tell them apart."""
        return (self.size - 1).bit_length()

    @property
    def acceptance(self) -> float:
        """Probability that a number of so many bits is in the range: more than one half."""
        return self.size / (1 << self.bits)


def words(counts: Counts, label_bits: int) -> list[str]:
    """Return the words in *counts*, by label; a label is the first *label_bits* of a reading."""
    combined: dict[str, int] = {}
    width = 0
    for reading, count in counts.readings.items():
        if not count:
            continue
        label, payload = reading[:label_bits], reading[label_bits:]
        width = len(payload)
        # Combined with itself, a payload vanishes: only an odd number of them is felt.
        combined[label] = combined.get(label, 0) ^ (int(payload, 2) if count % 2 else 0)
    return [f"{combined[label]:0{width}b}" for label in sorted(combined)]


def candidates(bits: str, width: int) -> Iterator[int]:
    """Yield the numbers of *width* bits in *bits*, one after the other; a rest is left over."""
    for start in range(0, len(bits) - width + 1, width):
        yield int(bits[start : start + width], 2)


def accept(drawn: Iterable[int], wanted: Range, count: int) -> tuple[list[int], int]:
    """Return up to *count* numbers, and how many of *drawn* were rejected for them.

    Taking what is too large modulo the size would prefer the small numbers (von Neumann, 1951).
    """
    numbers: list[int] = []
    rejected = 0
    for candidate in drawn:
        if len(numbers) == count:
            break
        if candidate < wanted.size:
            numbers.append(wanted.minimum + candidate)
        else:
            rejected += 1
    return numbers, rejected


def is_sampled(counts: Counts) -> bool:
    """Return whether *counts*, of 12 bits or more, may come from fair coins.

    False if all readings are the same, as of a target that only checks the syntax, or if every
    possible reading came equally often, as of one that computes shares. By chance, two readings
    are the same once in 4,096 times and 16 readings once in 2^180.
    """
    readings = {reading: count for reading, count in counts.readings.items() if count}
    if len(readings) == 1:
        return counts.total == 1
    width = len(next(iter(readings), ""))
    return not (len(readings) == 1 << width and len(set(readings.values())) == 1)
