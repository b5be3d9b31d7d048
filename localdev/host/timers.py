"""Timer triggers: run a function at the times of a schedule, never twice at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.schedule import Schedule
from localdev.host.schedule_monitor import NEVER, ScheduleMonitor, Status
from localdev.host.worker import InvocationError

_log = logging.getLogger(__name__)

_NOW = partial(datetime.now, UTC)

type Run = Callable[[Datum], Coroutine[Any, Any, object]]
"""Invokes the function; raises InvocationError if it fails."""


@dataclass
class Timer:
    """Runs a function at the times of a schedule.

    Times that pass while the function runs, or while no host does, are made up for by one run. The
    latter takes a status in storage, which timers of less than a minute do not have.
    """

    name: str
    schedule: Schedule
    run: Run
    monitor: ScheduleMonitor | None = None
    on_startup: bool = False
    clock: Callable[[], datetime] = _NOW
    _status: Status | None = None
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self) -> None:
        """Run the function at each time of the schedule, until `stop`."""
        began = self.clock()
        if self.monitor is not None:
            self._status = await self.monitor.read()
            if self._status is None:
                self._status = Status(NEVER, self.schedule.following(began), NEVER)
                await self.monitor.write(replace(self._status, updated=began.isoformat()))
        past_due = self._status is not None and self._status.next < began
        if past_due or self.on_startup:
            await self._in_time(past_due=past_due)
        while not self._stopping.is_set():
            following = self.schedule.following(began)
            # The clock may be a little behind the pause, and one time is one run.
            while (wait := (following - self.clock()).total_seconds()) > 0:
                if await self._stopped_within(wait):
                    return
            began = await self._in_time()

    def stop(self) -> None:
        """Make `keep` end as soon as the function does not run."""
        self._stopping.set()

    async def once(self, *, past_due: bool = False) -> None:
        """Run the function once, after a run that is in progress."""
        async with self._running:
            value = {
                "IsPastDue": past_due,
                "Schedule": {"AdjustForDST": True},
                "ScheduleStatus": self._status and self._status.document(),
            }
            try:
                await self.run(Datum(json.dumps(value), "json"))
            except InvocationError:
                _log.warning("Timer %s failed; it runs again when it is time", self.name)

    async def _in_time(self, *, past_due: bool = False) -> datetime:
        """Run the function as the schedule says, and return when the run began."""
        began = self.clock()
        await self.once(past_due=past_due)
        if self.monitor is not None:
            text = began.isoformat()
            self._status = Status(text, self.schedule.following(began), text)
            await self.monitor.write(self._status)
        return began

    async def _stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
