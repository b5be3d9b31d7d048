"""Polling intervals, retry backoff and long-poll pauses: pure functions, in seconds."""

from __future__ import annotations

from datetime import timedelta
from random import Random

_FIRST_PAUSE = 0.008
_SHORTEST_PAUSE = 0.01
_FIRST_READ = 0.05
_LONGEST_PAUSE = 1.0
_SHORTEST_VISIT = 2.0
_LONGEST_VISIT = 300.0
EARLY_LOOK = 5.0
"""Seconds after which a step is polled whose output storage announces: what fails announces
nothing, and most of what fails does so at once."""
_NET = 600.0
_MOST_WOKEN = 6
_LONGEST_WITHDRAWAL = 3600.0
LONGEST_HIDDEN = 6 * 24 * 3600.0
"""For how long a message is put off: a queue hides one for at most seven days, of which a day is
left for clocks that differ and for whoever is late."""
_LONGEST_RETRY = 300.0
_POLL_LIMITS = (1, 300)
"""The range of Retry-After in the contract, in seconds."""

RETRY_ATTEMPTS = 90
"""Attempts before a job is given up: about three and a half hours of trying, on average."""
LONGEST_UNANSWERED = timedelta(days=1)
"""The time without any answer of the provider after which a job is given up in any case: calls
that are not made, because those of others have failed, are no attempts."""
MOST_FAILURES = 5
"""Unexpected failures of its processing before a job is given up."""
MOST_REVIVALS = 300
"""Times that a message is sent again which the host has given up: half a day of trying, on average.
The host counts crashes of its own and trouble with its storage, for which no job is to blame; but a
job that ends whatever works on it has to end itself."""
_RANDOM = Random()  # noqa: S311 - it spreads load and keeps no secret


def polling_pause(polls: int, typical: float = 0.0) -> float:
    """Return the polling interval while a function waits in place for the provider.

    The first poll comes when the *typical* duration has passed, further ones with exponential
    backoff from a quarter of it.
    """
    if polls == 0:
        return min(max(typical, _FIRST_PAUSE), _LONGEST_PAUSE)
    return min(max(_SHORTEST_PAUSE, 0.25 * typical) * 1.5 ** min(polls - 1, 20), _LONGEST_PAUSE)


def long_poll_pause(reads: int) -> float:
    """Return the pause of a long poll (`Prefer: wait`) before it reads the record again."""
    return min(_FIRST_READ * 1.5 ** min(reads, 20), _LONGEST_PAUSE)


def next_visit(elapsed: timedelta, remaining: timedelta) -> float:
    """Return the delay of the message that polls a step again.

    It is half of the time that the step has taken so far: what is over is seen soon, however long
    a queue the target has announced. That time, *remaining*, only bounds it: a look comes when the
    end is expected, and where that is days ahead, every 200th part of the days.
    """
    seconds = remaining.total_seconds()
    delay = max(_SHORTEST_VISIT, elapsed.total_seconds() / 2)
    delay = min(delay, max(_LONGEST_VISIT, seconds / 200))
    return min(delay, max(1.0, seconds)) if seconds > 0 else delay


def announced_visit(elapsed: timedelta, remaining: timedelta, woken: int = 0) -> float:
    """Return the delay of the message that polls a step whose output storage announces.

    It is the net for an announcement that is lost: some time after the expected end, and after
    that the later the longer the step has taken already. Once an output was announced, the
    provider needs a moment to say that it is over: *woken* looks were too early for that.
    """
    if 0 < woken <= _MOST_WOKEN:
        return 2.0**woken
    seconds = remaining.total_seconds()
    delay = max(_NET, elapsed.total_seconds() / 2) if seconds <= 0 else seconds + _NET
    return min(delay, LONGEST_HIDDEN)


def withdrawal_delay(looks: int) -> float:
    """Return the delay until a canceled circuit is looked at again: exponential backoff."""
    return min(2.0 ** min(looks + 1, 20), _LONGEST_WITHDRAWAL)


def retry_delay(attempt: int, asked: float | None, random: Random = _RANDOM) -> float:
    """Return the exponential backoff before retry number *attempt*, from 1, with full jitter.

    *asked* is the Retry-After of the response that failed. The jitter comes on top of it, so that
    those who were told the same time do not come at the same moment.
    """
    backoff = min(2.0 ** min(attempt, 10), _LONGEST_RETRY)
    return min((asked or 0.0) + random.uniform(0.0, backoff), LONGEST_HIDDEN)


def retry_after(elapsed: timedelta | None, remaining: timedelta | None) -> int:
    """Return the Retry-After of a pending job: whole seconds until the caller's next poll.

    It is when the service itself looks next: *elapsed* since the step was placed, None before
    that, and *remaining* until its expected end, None if nothing is expected.
    """
    low, high = _POLL_LIMITS
    if elapsed is None or remaining is None:
        return low
    return max(low, min(high, int(next_visit(elapsed, remaining))))
