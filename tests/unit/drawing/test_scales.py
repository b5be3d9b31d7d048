"""Where values are on an axis, and which of them have a label."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.drawing.scales import Linear, Logarithmic

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (Linear(0, 184, " s"), ["0 s", "50 s", "100 s", "150 s"]),
        (
            Linear(0.9, 1.3),
            ["0.90", "0.95", "1.00", "1.05", "1.10", "1.15", "1.20", "1.25", "1.30"],
        ),
        (Linear(-1.2, 0.4), ["-1.2", "-1.0", "-0.8", "-0.6", "-0.4", "-0.2", "0.0", "0.2", "0.4"]),
        (Linear(0.5, 3.5, least_step=1), ["1", "2", "3"]),
        (Linear(0, 1.1e-6, most_ticks=3), ["0", "5e-07", "1e-06"]),
        (Linear(0, 25000), ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]),
        (Logarithmic(-1, 2, " s"), ["0.1 s", "1 s", "10 s", "100 s"]),
    ],
)
def test_labels_are_round_numbers(scale: Linear | Logarithmic, labels: list[str]) -> None:
    """They are 1, 2 or 5 times a power of ten apart, and zero has no sign."""
    assert [label for _, label in scale.ticks()] == labels


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_every_value_is_inside(values: list[float]) -> None:
    """A scale around values has all of them, in their order, and a few labels."""
    scale = Linear.around(values)

    shares = [scale.share(value) for value in sorted(values)]
    assert shares[0] > 0
    assert shares[-1] < 1
    assert shares == sorted(shares)
    assert 1 <= len(scale.ticks()) <= 10


def test_what_is_outside_is_at_an_end() -> None:
    """No mark leaves the frame."""
    assert [Linear(0, 4).share(value) for value in (-1, 1, 9)] == [0, 0.25, 1]
    assert [Logarithmic(0, 2).share(value) for value in (0, 10, 1e9)] == [0, 0.5, 1]


@given(st.floats(0.01, 1e6), st.integers(2, 8))
def test_labels_are_equally_far_apart(length: float, most: int) -> None:
    """Their differences are the same, so that a reader can count between them."""
    values = [value for value, _ in Linear(0, length, most_ticks=most).ticks()]

    gaps = [second - first for first, second in itertools.pairwise(values)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps)) if gaps else len(values) == 1
