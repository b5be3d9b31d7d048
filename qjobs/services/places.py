"""Places: the bound of concurrent work in a process, shared fairly by callers."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_OWNER: ContextVar[str] = ContextVar("owner", default="")

type Turn = asyncio.Future[None]
"""Done as soon as there is a place for what waits for it."""


@contextmanager
def working_for(owner: str) -> Iterator[None]:
    """Count the work inside the block, also that of tasks which it starts, as done for *owner*."""
    token = _OWNER.set(owner)
    try:
        yield
    finally:
        _OWNER.reset(token)


def current_owner() -> str:
    """Return the owner of the job that the current task works for; empty if it is none."""
    return _OWNER.get()


@dataclass(frozen=True, slots=True)
class Places:
    """A bounded number of places, for which each owner's work stands in a line of its own.

    A place that gets free goes to the owners in turn (round robin). So a little work of one owner
    is done soon, however much another one has.
    """

    number: int
    of_owner: int
    """Places that one owner can take, so that another one's work finds one."""
    line_of_owner: int | None = None
    """Turns of one owner that may wait; None is any number."""
    lines: int | None = None
    """Turns that may wait, of all owners."""
    _taken: Counter[str] = field(default_factory=Counter)
    """Places that are taken, by owner."""
    _lines: dict[str, deque[Turn]] = field(default_factory=dict)
    """Turns that wait, by owner; the owner at the front is the next to be served."""

    def line_up(self, owner: str) -> Turn | None:
        """Return a turn, which may have come already; None if the line is too long.

        Whoever has it gives it back with `leave`, whether it has come or not.
        """
        turn: Turn = asyncio.get_running_loop().create_future()
        if self.is_free(owner):
            self._taken[owner] += 1
            turn.set_result(None)
            return turn
        own, all_lines = len(self._lines.get(owner, ())), sum(map(len, self._lines.values()))
        for length, most in ((own, self.line_of_owner), (all_lines, self.lines)):
            if most is not None and length >= most:
                return None
        self._lines.setdefault(owner, deque()).append(turn)
        return turn

    def is_free(self, owner: str) -> bool:
        """Return whether there is a place for an owner."""
        return self._taken.total() < self.number and self._taken[owner] < self.of_owner

    def leave(self, owner: str, turn: Turn) -> None:
        """Give a place to the next one in line or, if the turn has not come, leave the line."""
        if not turn.done():
            line = self._lines[owner]
            line.remove(turn)
            if not line:
                del self._lines[owner]
            return
        self._taken[owner] -= 1
        if not self._taken[owner]:
            del self._taken[owner]
        following = next((one for one in self._lines if self.is_free(one)), None)
        if following is None:
            return
        line = self._lines.pop(following)
        line.popleft().set_result(None)
        self._taken[following] += 1
        if line:
            self._lines[following] = line

    async def wait(self, owner: str, turn: Turn, patience: float) -> bool:
        """Return whether a turn comes in *patience* seconds; to be cancelled leaves the line."""
        try:
            await asyncio.wait({turn}, timeout=patience)
        except asyncio.CancelledError:
            self.leave(owner, turn)
            raise
        return turn.done()

    async def take(self, owner: str, patience: float) -> Turn | None:
        """Return a turn that has come; None if the line is too long, or it takes too long."""
        turn = self.line_up(owner)
        if turn is None or await self.wait(owner, turn, patience):
            return turn
        self.leave(owner, turn)
        return None

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
            self.leave(owner, turn)
