"""Places: the bound of jobs that a process carries on itself, shared fairly by their callers."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PLACES = 8
"""Jobs that a process works on at a time beside those of its queues."""
PLACES_OF_OWNER = 4
"""Those of one caller, so that another one's single job finds a place whatever he submits."""
LINE_OF_OWNER = 32
"""Jobs of one caller that wait for one of them; further ones go to the queue at once."""
LINES = 256
"""Jobs that wait, of all callers: each is kept in memory with its input."""

type Turn = asyncio.Future[None]
"""Done as soon as its job has a place."""


@dataclass(frozen=True, slots=True)
class Places:
    """A bounded number of places, for which each caller's jobs stand in a line of their own.

    A place that gets free goes to the callers in turn (round robin). So a few jobs of one caller
    are done soon, however many another one has in the queue.
    """

    _taken: Counter[str] = field(default_factory=Counter)
    """Places that are taken, by owner."""
    _lines: dict[str, deque[Turn]] = field(default_factory=dict)
    """Turns that wait, by owner; the owner at the front is the next to be served."""

    def line_up(self, owner: str) -> Turn | None:
        """Return the turn of a job, which may have come already; None if the line is too long."""
        turn: Turn = asyncio.get_running_loop().create_future()
        if self._is_free(owner):
            self._taken[owner] += 1
            turn.set_result(None)
            return turn
        if len(self._lines.get(owner, ())) >= LINE_OF_OWNER or self._waiting() >= LINES:
            return None
        self._lines.setdefault(owner, deque()).append(turn)
        return turn

    @asynccontextmanager
    async def hold(self, owner: str, turn: Turn, patience: float) -> AsyncIterator[None]:
        """Wait for a turn, hold its place inside the block, and give it to the next one.

        Raises:
            TimeoutError: it has not come in *patience* seconds.

        """
        try:
            await asyncio.wait({turn}, timeout=patience)
            if not turn.done():
                raise TimeoutError
            yield
        finally:
            if turn.done():
                self._leave_place(owner)
            else:
                self._leave_line(owner, turn)

    def _is_free(self, owner: str) -> bool:
        return self._taken.total() < PLACES and self._taken[owner] < PLACES_OF_OWNER

    def _waiting(self) -> int:
        return sum(map(len, self._lines.values()))

    def _leave_line(self, owner: str, turn: Turn) -> None:
        line = self._lines[owner]
        line.remove(turn)
        if not line:
            del self._lines[owner]

    def _leave_place(self, owner: str) -> None:
        self._taken[owner] -= 1
        if not self._taken[owner]:
            del self._taken[owner]
        following = next((one for one in self._lines if self._is_free(one)), None)
        if following is None:
            return
        line = self._lines.pop(following)
        line.popleft().set_result(None)
        self._taken[following] += 1
        if line:
            self._lines[following] = line
