"""Timestamps in the service's formats; inside the emulator they are nanoseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_LATEST = 7_258_118_400 * 10**9  # the year 2200, beyond which the clock does not go
_EPOCH = datetime.fromtimestamp(0, UTC)
_FRACTION = re.compile(r"\.(\d+)")  # datetime knows no more than six digits of it


def ticks(time: int, zone: str = "Z") -> str:
    """Return a time as the service gives it for its own doings: in ticks of 100 ns.

    A single job has the zone `+00:00`; lists and sessions have `Z`.
    """
    fraction = f"{time % 10**9 // 100:07d}".rstrip("0")
    return f"{_seconds(time)}{'.' if fraction else ''}{fraction}{zone}"


def milliseconds(time: int | None) -> str | None:
    """Return a time as the service passes it on from a provider."""
    if time is None:
        return None
    return f"{_seconds(time)}.{time % 10**9 // 10**6:03d}Z"


def parse(text: str) -> int:
    """Return a time that was written in any of these ways.

    Raises:
        ValueError: it was not.

    """
    fraction = _FRACTION.search(text)
    moment = datetime.fromisoformat(_FRACTION.sub("", text))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole = (moment - _EPOCH) // timedelta(seconds=1) * 10**9
    if abs(whole) > _LATEST:
        raise ValueError(f"{text} is too far away.")
    return whole + (int(fraction[1].ljust(9, "0")[:9]) if fraction else 0)


def _seconds(time: int) -> str:
    return datetime.fromtimestamp(time // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%S")
