"""Timestamps in the service's formats; inside the emulator they are nanoseconds since 1970."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a provider's times: digits of a second, and zone."""

    digits: int
    zone: str = "Z"
    padded: bool = False
    """Whether zeros at the end stay."""


_FORMS = {
    "ionq": _Form(3, padded=True),
    "microsoft.test.firstparty": _Form(3),
    "pasqal": _Form(0, "+00:00"),
    "quantinuum": _Form(6, "+00:00"),
}
"""Recorded; those of others are as precise as the service's own, as Rigetti's are."""
_TICKS = _Form(7)


def of_provider(provider: str, time: int) -> str:
    """Return a time that a provider has told, as the service shows it of a single job."""
    form = _FORMS.get(provider, _TICKS)
    fraction = f"{time % 10**9:09d}"[: form.digits]
    if not form.padded:
        fraction = fraction.rstrip("0")
    return f"{_seconds(time)}{'.' if fraction else ''}{fraction}{form.zone}"


def of_provider_in_lists(provider: str, time: int) -> str:
    """Return a time that a provider has told, as lists show it: no zeros at the end, and `Z`."""
    digits = _FORMS.get(provider, _TICKS).digits
    return ticks(time - time % 10 ** (9 - digits))


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
