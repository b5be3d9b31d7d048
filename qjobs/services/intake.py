"""Intake: the bound of submissions that a process works on at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from qjobs.domain.errors import TransientError
from qjobs.services.places import Places

MOST = 16
"""Submissions at a time: enough to keep a process busy, few enough for other requests' sake."""
MOST_OF_OWNER = 8
"""Those of one caller, so that his burst refuses nobody else's."""
LINE_OF_OWNER = 16
"""Submissions of one caller that wait for their turn."""
LINES = 64
"""Those of all callers."""
LONGEST_TURN = 2.0
"""Seconds that one waits; then it is refused."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Refuses a submission while a process is busy with as many as it can take.

    A burst is then told to come back at once, instead of making every other request wait behind it.
    """

    _places: Places = field(
        default_factory=lambda: Places(MOST, MOST_OF_OWNER, LINE_OF_OWNER, LINES)
    )

    @asynccontextmanager
    async def __call__(self, owner: str) -> AsyncIterator[None]:
        """Hold one place while a submission of *owner* is checked and stored.

        Raises:
            TransientError: no place is free, or none gets free soon.

        """
        turn = await self._places.take(owner, LONGEST_TURN)
        if turn is None:
            raise TransientError(
                "More requests like this at the same time than the service takes: send it again.",
                retry_after=1,
            )
        try:
            yield
        finally:
            self._places.leave(owner, turn)
