"""An event loop whose time passes only while everything in it waits, and then at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, override

_MOMENT = 0.02
"""Seconds, of those that really pass."""


class _Selector(selectors.DefaultSelector):
    """A selector that does not wait: it lets the loop's clock jump."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, and pass the time that the loop would wait."""
        # What one end of a connection has sent is at the other end, here too, after a moment.
        moment = _MOMENT if len(self.get_map()) > 1 else 0
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(moment)
        assert ready or timeout is not None, "everything waits for ever"
        if not ready:
            self.now += timeout or 0
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own, which begins at 0."""

    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    @override
    def time(self) -> float:
        return self._clock.now


def run[T](work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
