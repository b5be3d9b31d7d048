"""The scenario of an emulator: the settings in force, and the state of faults and quotas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from random import Random
from typing import Self

from azure_quantum_emulator.fault_injection.clock import SECOND, Clock
from azure_quantum_emulator.fault_injection.durations import Distribution, draw
from azure_quantum_emulator.fault_injection.faults import JobFault, RequestFault
from azure_quantum_emulator.fault_injection.quotas import DEFAULTS, Ledger
from azure_quantum_emulator.fault_injection.rules import Rules
from azure_quantum_emulator.fault_injection.settings import Settings, TargetSettings, Timing
from azure_quantum_emulator.json_model import DocumentError


class Scenario:
    """Clock, queue delays, faults and quotas of a workspace.

    For use within one event loop.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        targets: Collection[str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Put *settings* in force.

        Args:
            settings: those to begin with, and to return to at each reset
            targets: ids of all targets; None lets settings name any
            clock: the time; the real one unless given

        Raises:
            DocumentError: the settings name a target that there is not.

        """
        self.clock = clock or Clock()
        self._openings: dict[str, asyncio.Event] = {}
        self._known = targets
        self._at_start = settings or Settings()
        self.replace(self._at_start)

    @classmethod
    def from_json(cls, document: object, targets: Collection[str] | None = None) -> Self:
        """Return the scenario that a JSON document asks for.

        Raises:
            DocumentError: the document describes no settings; the message says where and why.

        """
        return cls(Settings.from_json(document), targets=targets)

    @property
    def settings(self) -> Settings:
        """The settings in force: with the faults that were added, and what is used of quotas."""
        return self._settings.model_copy(
            update={
                "faults": list(self.faults.effects),
                "job_faults": list(self.job_faults.effects),
                "quotas": list(self.quotas.quotas) if self._settings.quotas else [],
            }
        )

    def replace(self, settings: Settings) -> None:
        """Put other settings in force; counts, and what is left to chance, begin anew.

        Raises:
            DocumentError: the settings name a target that there is not; nothing has changed.

        """
        self._check_targets(settings)
        self.random = Random(settings.seed)  # noqa: S311 - it has to repeat itself
        self.faults = Rules(tuple(settings.faults))
        self.job_faults = Rules(tuple(settings.job_faults))
        self.quotas = Ledger(tuple(settings.quotas) or DEFAULTS, self.clock.now)
        self._put_in_force(settings)

    def patch(self, patch: object) -> None:
        """Change settings by a JSON merge patch; what it leaves as it was goes on as it is.

        Raises:
            DocumentError: what comes of it are no settings; nothing has changed.

        """
        before = self.settings
        settings = before.patched(patch)
        self._check_targets(settings)
        if settings.seed != before.seed:
            self.random = Random(settings.seed)  # noqa: S311 - it has to repeat itself
        if settings.faults != before.faults:
            self.faults = Rules(tuple(settings.faults))
        if settings.job_faults != before.job_faults:
            self.job_faults = Rules(tuple(settings.job_faults))
        if settings.quotas != before.quotas:
            self.quotas = Ledger(tuple(settings.quotas) or DEFAULTS, self.clock.now)
        self._put_in_force(settings)

    def reset(self) -> None:
        """Return to the settings and the seed of the start, and to real time."""
        self.clock.reset()
        self.replace(self._at_start)

    @property
    def session_timeout(self) -> int:
        """Nanoseconds after which a session without a new job is over."""
        return _nanoseconds(self._settings.session_timeout)

    @property
    def sas_lifetime(self) -> timedelta:
        """The lifetime of a shared access signature."""
        return timedelta(seconds=self._settings.sas_lifetime)

    @property
    def time_limit(self) -> float:
        """Seconds of real time that a program may run."""
        return self._settings.time_limit

    @property
    def memory_limit(self) -> int:
        """Mebibytes that a program may take."""
        return self._settings.memory_limit

    def queue_delay(self, target: str) -> int:
        """Draw how long a new job waits in the queue of its target, in nanoseconds."""
        return self._draw(lambda timing: timing.queue_delay, target)

    def execution_time(self, target: str) -> int:
        """Draw how long a job executes at least, in nanoseconds."""
        return self._draw(lambda timing: timing.execution_time, target)

    def is_available(self, target: str) -> bool:
        """Return whether jobs of *target* may execute."""
        return self._of(target).availability != "Unavailable"

    async def until_available(self, target: str) -> None:
        """Wait until jobs of *target* may execute; who came first goes on first."""
        while not self.is_available(target):
            await self._openings.setdefault(target, asyncio.Event()).wait()

    def target_states(self) -> Mapping[str, TargetSettings]:
        """Return the settings of targets by their ids: availability and reported queue time."""
        return self._settings.targets

    def request_fault(self, operation: str, method: str, target: str | None) -> RequestFault | None:
        """Return the fault to inject into a request, and count the hit; None is no fault."""
        return self.faults.hit(lambda fault: fault.matches(operation, method, target), self.random)

    def job_fault(self, target: str, name: str) -> JobFault | None:
        """Return the fault to inject into a job, and count the hit; None is no fault."""
        return self.job_faults.hit(lambda fault: fault.matches(target, name), self.random)

    def _put_in_force(self, settings: Settings) -> None:
        self._settings = settings
        for target in [target for target in self._openings if self.is_available(target)]:
            self._openings.pop(target).set()

    def _of(self, target: str) -> TargetSettings:
        return self._settings.targets.get(target, TargetSettings())

    def _draw(self, delay: Callable[[Timing], float | Distribution | None], target: str) -> int:
        """Draw a delay of *target* in nanoseconds; what it does not set itself is set for all."""
        own = delay(self._of(target))
        chosen = delay(self._settings) if own is None else own
        return 0 if chosen is None else _nanoseconds(draw(chosen, self.random))

    def _check_targets(self, settings: Settings) -> None:
        if self._known is None:
            return
        for target in settings.targets:
            if target not in self._known:
                known = ", ".join(sorted(self._known))
                raise DocumentError(f"/targets/{target}", f"no such target; there are {known}.")


def _nanoseconds(seconds: float) -> int:
    return round(seconds * SECOND)
