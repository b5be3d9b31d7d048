"""Times as text: RFC 3339 in UTC with microseconds, and ISO 8601 durations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def to_text(moment: datetime) -> str:
    """Return *moment* as RFC 3339; such texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the moment that `to_text` wrote."""
    return datetime.fromisoformat(text)


def to_text_or_none(moment: datetime | None) -> str | None:
    """Return *moment* as `to_text` does, where there may be none."""
    return to_text(moment) if moment else None


def parse_duration(text: str) -> timedelta:
    """Return the length of an ISO 8601 duration of days, hours, minutes and whole seconds.

    Raises:
        ValueError: *text* is not such a duration.

    """
    match = _DURATION.fullmatch(text)
    if not match or not any(match.groups()):
        raise ValueError(f"not a duration such as PT90S or P1DT12H: {text!r}")
    return timedelta(**{unit: int(value) for unit, value in match.groupdict().items() if value})


def parse_moment(text: str) -> datetime:
    """Return the moment of a text of RFC 3339.

    Raises:
        ValueError: *text* is none, or has no offset from UTC.

    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"not a time such as 2026-01-02T03:04:05Z: {text!r}")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error
