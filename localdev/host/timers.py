"""Timer triggers: NCRONTAB schedules, one run at a time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum
from croniter import croniter

from localdev.host.configuration import ConfigurationError
from localdev.host.worker import InvocationError

_log = logging.getLogger(__name__)
_FIELDS = 6
"""Second, minute, hour, day, month, weekday."""

type Run = Callable[[Datum], Coroutine[Any, Any, None]]


@dataclass
class Timer:
    """Runs a function at the times of a schedule, in UTC."""

    schedule: str
    run: Run
    on_startup: bool = False

    def __post_init__(self) -> None:
        """Check the schedule.

        Raises:
            ConfigurationError: it is no NCRONTAB expression.

        """
        if len(self.schedule.split()) != _FIELDS or not croniter.is_valid(
            self.schedule, second_at_beginning=True
        ):
            raise ConfigurationError(f"{self.schedule!r} is no schedule of six fields")

    def following(self, moment: datetime) -> datetime:
        """Return the first time of the schedule after *moment*."""
        times = croniter(self.schedule, moment, second_at_beginning=True)
        following: datetime = times.get_next(datetime)
        return following

    async def keep(self) -> None:
        """Run the function when it is time, until cancelled; a late run is not made up for."""
        last = datetime.now(UTC)
        if self.on_startup:
            await self.once(last, past_due=False)
        while True:
            following = self.following(datetime.now(UTC))
            # No event: the clock may be a little behind the sleep, and one time is one run.
            while (wait := (following - datetime.now(UTC)).total_seconds()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
            await self.once(last, past_due=False)
            last = following

    async def once(self, last: datetime, *, past_due: bool) -> None:
        """Run the function now."""
        now = datetime.now(UTC)
        value = {
            "IsPastDue": past_due,
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": {
                "Last": last.isoformat(),
                "Next": self.following(now).isoformat(),
                "LastUpdated": now.isoformat(),
            },
        }
        try:
            await self.run(Datum(json.dumps(value), "json"))
        except InvocationError:
            _log.warning("A timer run failed; the next one comes as scheduled.")
