"""NCRONTAB schedules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from localdev.host.configuration import ConfigurationError
from localdev.host.schedule import Schedule

FRIDAY = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("* * * * * *", "2026-11-20T10:00:31"),
        ("*/2 * * * * *", "2026-11-20T10:00:32"),
        ("0 * * * * *", "2026-11-20T10:01:00"),
        ("30 0 10 * * *", "2026-11-21T10:00:30"),  # strictly later
        ("0 */5 * * * *", "2026-11-20T10:05:00"),
        ("0 30 9-11 * * *", "2026-11-20T10:30:00"),
        ("0 0 0 1 1 *", "2027-01-01T00:00:00"),
        ("0 0 0 1 JAN *", "2027-01-01T00:00:00"),
        ("0 0 0 * * 1-5", "2026-11-23T00:00:00"),
        ("0 0 0 * * Mon-Fri", "2026-11-23T00:00:00"),
        ("0 0 0 * * 0", "2026-11-22T00:00:00"),  # Sunday
        ("0 0 0 13 * 5", "2027-08-13T00:00:00"),  # the next Friday the 13th: both have to fit
        ("0,15 * * * * *", "2026-11-20T10:01:00"),
    ],
)
def test_the_time_that_follows(expression: str, expected: str) -> None:
    """A schedule fires at the next time all of whose six fields fit, in UTC."""
    assert Schedule(expression).following(FRIDAY) == datetime.fromisoformat(expected + "+00:00")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("* * * * * *", False),
        ("*/30 * * * * *", False),
        ("0 * * * * *", True),
        ("0 0 0 * * *", True),
    ],
)
def test_what_is_monitored(expression: str, *, expected: bool) -> None:
    """A schedule of a minute or more has a status in storage."""
    assert Schedule(expression).is_monitored is expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * * *",  # five fields are crontab's
        "* * * * * * *",
        "00:05:00",
        "60 * * * * *",
        "0 0 24 * * *",
        "0 0 0 L * *",  # crontab dialects that NCRONTAB does not know
        "0 0 0 * * 5#2",
        "0 0 0 ? * *",
        "0 0 0 * * soon",
        "0 0 0 31 2 *",  # a day that never comes
        "@daily",
    ],
)
def test_no_schedules(expression: str) -> None:
    """What NCRONTAB does not know, or what never fires, is refused when the host starts."""
    with pytest.raises(ConfigurationError):
        Schedule(expression)
