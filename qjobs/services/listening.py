"""Listeners to changes of jobs, known without a look at storage for each job."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qjobs.domain.errors import QJobsError
from qjobs.ports import Announcements, Clock, Listener, Listeners

_log = logging.getLogger(__name__)
_FRESH = timedelta(seconds=5)
"""Age up to which the list of listeners counts: other processes learn of a new one so late."""
_MOST_FORGOTTEN = 20
"""Listeners that one listing removes; the next one goes on."""


@dataclass(slots=True)
class Listening:
    """The ways in which callers listen, as of a moment ago.

    One listing in five seconds, and only while jobs change, serves all jobs: those of callers who
    listen to nothing cost no transaction of their own.
    """

    listeners: Listeners
    announcements: Sequence[Announcements]
    clock: Clock
    _ways: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _listed: datetime | None = None
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the listeners are listed: who asks meanwhile must not take them for nobody."""

    async def note(self, owner: str, way: str) -> None:
        """Note that a caller listens; this process knows it from now on."""
        await self.listeners.note(owner, way)
        async with self._changing:
            self._ways.setdefault(owner, {})[way] = self.clock.now()

    async def remove(self, owner: str, way: str) -> None:
        """Note that a caller no longer listens in a way."""
        await self.listeners.remove(owner, way)
        async with self._changing:
            self._ways.get(owner, {}).pop(way, None)

    async def of(self, owner: str) -> Sequence[Announcements]:
        """Return the ways in which an owner listens."""
        if not self.announcements:
            return ()
        now, listed = self.clock.now(), list[Listener]()
        async with self._changing:
            if self._listed is None or now - self._listed > _FRESH:
                ways: dict[str, dict[str, datetime]] = defaultdict(dict)
                listed += await self.listeners.all()
                for one in listed:
                    ways[one.owner][one.way] = one.noted
                self._ways, self._listed = dict(ways), now
        await self._forget([one for one in listed if self._is_over(one, now)])
        mine = self._ways.get(owner)
        if not mine:
            return ()
        return [
            one
            for one in self.announcements
            if one.way in mine and (one.lasts is None or now - mine[one.way] <= one.lasts)
        ]

    def _is_over(self, listener: Listener, now: datetime) -> bool:
        """Say whether a note has run out, by twice its time, because clocks differ."""
        lasts = next((way.lasts for way in self.announcements if way.way == listener.way), None)
        return lasts is not None and now - listener.noted > 2 * lasts

    async def _forget(self, over: Sequence[Listener]) -> None:
        """Remove notes that have run out, so that listings stay short."""
        removals = [self.listeners.forget(one) for one in over[:_MOST_FORGOTTEN]]
        for failure in await asyncio.gather(*removals, return_exceptions=True):
            if isinstance(failure, QJobsError):
                # Noted again at this moment, or storage is away: the next listing has it again.
                _log.info("A listener stays noted: %s", failure.detail)
            elif isinstance(failure, BaseException):
                raise failure
