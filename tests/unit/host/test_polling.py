"""Polling interval of queue listeners."""

from __future__ import annotations

import pytest

from localdev.host.polling import next_poll


@pytest.mark.parametrize(
    ("empty", "longest", "chance", "expected"),
    [
        (0, 2.0, 0.5, 0.0),  # there was something: look again at once
        (1, 2.0, 0.9, 0.1),  # whatever chance says
        (2, 2.0, 0.5, 0.2),
        (3, 2.0, 0.5, 0.3),  # 0.1 and twice as much on top each time
        (4, 2.0, 0.5, 0.5),
        (5, 2.0, 0.5, 0.9),
        (6, 2.0, 0.5, 1.7),
        (7, 2.0, 0.5, 2.0),  # never longer than maxPollingInterval
        (10_000, 60.0, 1.0, 60.0),  # nor an overflow after a night without messages
        (1, 0.1, 1.0, 0.1),
        (4, 2.0, 0.0, 0.42),  # a fifth less ...
        (4, 2.0, 1.0, 0.58),  # ... or more, by chance
    ],
)
def test_the_pause_before_the_next_look(
    empty: int, longest: float, chance: float, expected: float
) -> None:
    """The pause grows with every look that finds nothing, up to the longest allowed."""
    assert next_poll(empty, longest, chance) == pytest.approx(expected)
