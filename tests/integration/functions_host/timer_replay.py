"""Runs a timer of the host through days in no time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.schedule import Schedule
from localdev.host.schedule_monitor import ScheduleMonitor, Status
from localdev.host.timers import Timer
from localdev.host.worker import InvocationError
from tests.integration.functions_host.virtual_time import run


@dataclass
class Monitor:
    """The status of a timer, in memory."""

    status: Status | None = None

    async def read(self) -> Status | None:
        """Return the status."""
        return self.status

    async def write(self, status: Status) -> None:
        """Replace it."""
        self.status = status


@dataclass
class TimerReplay:
    """A timer function, and its runs."""

    expression: str
    takes: float = 0
    """Seconds of each run."""
    fails: bool = False
    on_startup: bool = False
    monitor: Monitor = field(default_factory=Monitor)
    runs: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    _began: datetime = field(init=False)

    def play(self, began: datetime, seconds: float) -> None:
        """Run a host from a moment on, for a while."""
        self._began = began
        run(self._play(seconds))

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=asyncio.get_running_loop().time())

    async def _play(self, seconds: float) -> None:
        schedule = Schedule(self.expression)
        monitor = cast("ScheduleMonitor", self.monitor) if schedule.is_monitored else None
        timer = Timer("", schedule, self._run, monitor, self.on_startup, self._now)
        keeping = asyncio.create_task(timer.keep())
        await asyncio.sleep(seconds)
        keeping.cancel()

    async def _run(self, value: Datum) -> None:
        self.runs.append((self._now(), json.loads(value.value)))
        await asyncio.sleep(self.takes)
        if self.fails:
            raise InvocationError
