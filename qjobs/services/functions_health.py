"""Health of the functions behind the API, by their heartbeats."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qjobs.domain.errors import FunctionsNotRunningError, TransientError
from qjobs.domain.heartbeat import LastBeat, not_running, of_deployment
from qjobs.ports import Clock, Heartbeats
from qjobs.services.heartbeat import expect_all

_log = logging.getLogger(__name__)
_KEPT = timedelta(seconds=30)
"""How long one look at the heartbeats serves everybody, because anybody may ask."""


@dataclass(slots=True, kw_only=True)
class FunctionsHealth:
    """Check that every function has run lately."""

    heartbeats: Heartbeats
    clock: Clock
    region: str
    _noted: Sequence[LastBeat] | None = None
    _looked: datetime | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> Sequence[LastBeat]:
        """Return when each function of the deployment last ran.

        Raises:
            FunctionsNotRunningError: one of them has not run for too long, or none can, because
                the storage does not answer. It is not transient, since anybody may ask: answers
                that say so open the gateway's circuit breaker.

        """
        async with self._looking:
            await self._look()
        if self._noted is None:
            raise FunctionsNotRunningError("The storage of queues and heartbeats does not answer.")
        now = self.clock.now()
        beats = of_deployment(self._noted, self.region, now)
        if missed := not_running(beats, now):
            raise FunctionsNotRunningError(" ".join(_sentence(beat, now) for beat in missed))
        return beats

    async def _look(self) -> None:
        now = self.clock.now()
        if self._looked is not None and now - self._looked < _KEPT:
            return
        self._looked, self._noted = now, None
        try:
            noted = await self.heartbeats.last()
            if all(beat.region != self.region for beat in noted):
                # Where not even the timer has ever run, it is missed from the first question on.
                await expect_all(self.heartbeats, self.region)
        except TransientError as error:
            reason, action = error.detail, {"action": "health_unknown"}
            _log.warning("The heartbeats cannot be read: %s", reason, extra=action)
        else:
            self._noted = noted


def _sentence(beat: LastBeat, now: datetime) -> str:
    minutes = (now - beat.at) // timedelta(minutes=1)
    return f"{beat.function} in {beat.region} has not run for {minutes} minutes."
