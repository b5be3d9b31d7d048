"""Timer triggers: run a function at the times of a schedule, never twice at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.schedule import Schedule
from localdev.host.worker import InvocationError

_log = logging.getLogger(__name__)

type Run = Callable[[Datum], Coroutine[Any, Any, object]]
"""Invokes the function; raises InvocationError if it fails."""


@dataclass
class Timer:
    """Runs a function at the times of a schedule.

    A time that passes while the function still runs is left out. Times that passed while the
    host was down are not made up for: nothing is remembered between two hosts.
    """

    name: str
    schedule: Schedule
    run: Run
    on_startup: bool = False
    _last: datetime = field(default_factory=lambda: datetime.now(UTC))
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self) -> None:
        """Run the function at each time of the schedule, until `stop`."""
        if self.on_startup:
            await self.once()
        while not self._stopping.is_set():
            following = self.schedule.following(datetime.now(UTC))
            # The clock may be a little behind the pause, and one time is one run.
            while (wait := (following - datetime.now(UTC)).total_seconds()) > 0:
                if await self._stopped_within(wait):
                    return
            await self.once()

    def stop(self) -> None:
        """Make `keep` end as soon as the function does not run."""
        self._stopping.set()

    async def once(self) -> None:
        """Run the function once, after a run that is in progress."""
        async with self._running:
            try:
                await self.run(self._value())
            except InvocationError:
                _log.warning("Timer %s failed; it runs again when it is time", self.name)

    def _value(self) -> Datum:
        now = datetime.now(UTC)
        status = {
            "Last": self._last.isoformat(),
            "Next": self.schedule.following(now).isoformat(),
            "LastUpdated": self._last.isoformat(),
        }
        self._last = now
        value = {
            "IsPastDue": False,
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": status,
        }
        return Datum(json.dumps(value), "json")

    async def _stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
