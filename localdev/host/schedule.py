"""NCRONTAB schedules: second, minute, hour, day, month, weekday; in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from croniter import CroniterBadDateError, croniter

from localdev.host.configuration import ConfigurationError

_FIELDS = 6
_ITEM = r"(?:\*|[0-9]+(?:-[0-9]+)?|[a-z]{3}(?:-[a-z]{3})?)(?:/[0-9]+)?"
_FIELD = re.compile(rf"{_ITEM}(?:,{_ITEM})*", re.IGNORECASE)
"""What NCRONTAB knows; croniter alone would take more."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule: the times at which a timer fires."""

    expression: str

    def __post_init__(self) -> None:
        """Check the expression.

        Raises:
            ConfigurationError: it is none of NCRONTAB's, or never comes.

        """
        fields = self.expression.split()
        if (
            len(fields) != _FIELDS
            or not all(_FIELD.fullmatch(one) for one in fields)
            or not croniter.is_valid(self.expression, second_at_beginning=True)
        ):
            raise ConfigurationError(f"{self.expression!r} is no schedule of six fields")
        try:
            self.following(datetime.now(UTC))
        except CroniterBadDateError as error:
            raise ConfigurationError(f"{self.expression!r} never comes") from error

    @property
    def is_monitored(self) -> bool:
        """Whether missed times are made up for: not if there are several in a minute."""
        first = self.following(datetime.now(UTC))
        return self.following(first) - first >= timedelta(minutes=1)

    def following(self, moment: datetime) -> datetime:
        """Return the first time after *moment*; day and weekday both have to fit."""
        times = croniter(self.expression, moment, second_at_beginning=True, day_or=False)
        following: datetime = times.get_next(datetime)
        return following
