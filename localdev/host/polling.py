"""Polling interval of queue listeners: exponential backoff with jitter."""

from __future__ import annotations

SHORTEST = 0.1
"""Seconds after which an empty queue is looked at again at the earliest."""
_VARIATION = 0.2


def next_poll(empty: int, longest: float, chance: float) -> float:
    """Return the pause, in seconds, after *empty* receives in a row that found nothing.

    The first is a tenth of a second; what is added to it doubles, and it ends at *longest*.

    Args:
        empty: 0 after a receive that found messages: the next one follows at once
        longest: `maxPollingInterval`, in seconds
        chance: from 0 to 1; varies the pause by a fifth, so that instances do not poll in step

    """
    if empty <= 1:
        return empty * SHORTEST
    varied = 1 - _VARIATION + 2 * _VARIATION * chance
    # The exponent has a bound because a float has one.
    return min(SHORTEST + SHORTEST * varied * 2.0 ** min(empty - 2, 64), longest)
