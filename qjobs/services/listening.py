"""Listeners to changes of jobs, known without a look at storage for each job."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qjobs.ports import Announcements, Clock, Listeners

_FRESH = timedelta(seconds=5)
"""Age up to which the list of listeners counts: other processes learn of a new one so late."""


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
        now = self.clock.now()
        async with self._changing:
            if self._listed is None or now - self._listed > _FRESH:
                ways: dict[str, dict[str, datetime]] = defaultdict(dict)
                for one in await self.listeners.all():
                    ways[one.owner][one.way] = one.noted
                self._ways, self._listed = dict(ways), now
        mine = self._ways.get(owner)
        if not mine:
            return ()
        return [
            one
            for one in self.announcements
            if one.way in mine and (one.lasts is None or now - mine[one.way] <= one.lasts)
        ]
