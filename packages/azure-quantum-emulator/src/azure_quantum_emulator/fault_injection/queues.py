"""Targets' queues: how long jobs wait and execute, and which targets take jobs at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random

from azure_quantum_emulator.fault_injection.durations import draw
from azure_quantum_emulator.fault_injection.targets import TargetSettings, Timing


class Queues:
    """The queues of all targets; for use within one event loop."""

    def __init__(self) -> None:
        self._targets: Mapping[str, TargetSettings] = {}
        self._any = Timing()
        self._openings: dict[str, asyncio.Event] = {}

    def change(self, targets: Mapping[str, TargetSettings], of_any: Timing) -> None:
        """Ask for something else of targets by their ids, and of any for what they do not say."""
        self._targets = targets
        self._any = of_any
        for target in [target for target in self._openings if self.is_available(target)]:
            self._openings.pop(target).set()

    def delay(self, target: str, random: Random) -> float:
        """Draw how many seconds a job waits in the queue of *target*."""
        asked = self._of(target).queue_delay
        return draw(self._any.queue_delay or 0.0 if asked is None else asked, random)

    def execution_time(self, target: str, random: Random) -> float:
        """Draw how many seconds a job executes at least on *target*."""
        asked = self._of(target).execution_time
        return draw(self._any.execution_time or 0.0 if asked is None else asked, random)

    def is_available(self, target: str) -> bool:
        """Return whether jobs of *target* may execute."""
        return self._of(target).availability != "Unavailable"

    async def until_available(self, target: str) -> None:
        """Wait until jobs of *target* may execute; who came first goes on first."""
        while not self.is_available(target):
            await self._openings.setdefault(target, asyncio.Event()).wait()

    def _of(self, target: str) -> TargetSettings:
        return self._targets.get(target, TargetSettings())
