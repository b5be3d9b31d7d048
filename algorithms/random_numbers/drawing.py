"""The picture of random numbers: how often each number, or each part of the range, was drawn."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.random_numbers.extraction import Range
from qjobs.drawing.bars import Bar, bar_chart

_MOST_NUMBERS = 20
"""Numbers of a range that have a bar each; larger ranges are cut into parts."""
_PARTS = 10


def draw(wanted: Range, numbers: Sequence[int]) -> str:
    """Return a bar chart of *numbers*, with the count that each bar has on average."""
    parts = wanted.size if wanted.size <= _MOST_NUMBERS else _PARTS
    # Integers throughout: a float does not tell the large ones apart.
    edges = [wanted.minimum + wanted.size * part // parts for part in range(parts)]
    counts = [0] * parts
    for number in numbers:
        counts[_part_of(number - wanted.minimum, wanted.size, parts)] += 1
    bars = [
        Bar(f"{low:,}" if parts == wanted.size else f"from {low:,}", count, note=f"{count:,}")
        for low, count in zip(edges, counts, strict=True)
    ]
    average = len(numbers) / parts
    drawn = "1 number" if len(numbers) == 1 else f"{len(numbers):,} numbers"
    return bar_chart(
        f"{drawn} from {wanted.minimum:,} to {wanted.maximum:,}",
        "how often it was drawn",
        bars,
        reference=(average, f"{average:.3g} on average"),
    )


def _part_of(offset: int, size: int, parts: int) -> int:
    """Return the part that an offset falls into: the last one that begins at it or before."""
    return ((offset + 1) * parts - 1) // size
