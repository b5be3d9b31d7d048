"""The timing of a step that a process follows: pauses between looks, and their findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qjobs.domain import schedule
from qjobs.domain.job import Job
from qjobs.domain.plan import ProviderStatus
from qjobs.domain.run import Run
from qjobs.ports import Clock
from qjobs.services.durations import Durations

_QUICK = timedelta(seconds=0.5)
"""A job that takes longer has its record updated while it is followed, so often at most."""


@dataclass(slots=True)
class Watch:
    """The timing of a step that this process follows."""

    clock: Clock
    durations: Durations
    delayed: bool
    """Whether the step was put back in the queue before: then one look is enough."""
    longest_step: timedelta
    """The longest time in place for one step."""
    since: datetime
    """When this process began to follow the job."""
    placed: datetime
    """When it began to follow the current step."""
    noted: datetime
    """When the record was last written, or this process began to follow the job."""
    polls: int = 0
    missed: float = 0.0
    """Seconds after which the step was still not over, at the last look."""

    async def pause(self, target: str) -> None:
        """Sleep until the next poll, which comes at once after a delay in the queue."""
        if not self.delayed or self.polls > 0:
            typical = self.durations.typical(target)
            await self.clock.sleep(schedule.polling_pause(self.polls, typical))
        self.polls += 1

    def needs_note(self, job: Job, run: Run) -> bool:
        """Return whether the record should say that the run is at the provider."""
        known = job.placed and job.step == run.step
        return not known and self.clock.now() - self.noted > _QUICK

    def elapsed(self) -> timedelta:
        """Return the time since the step was placed."""
        return self.clock.now() - self.placed

    def not_over(self) -> None:
        """Remember that the step takes longer than until now."""
        self.missed = self.elapsed().total_seconds()

    def seen(self, target: str, statuses: Sequence[ProviderStatus]) -> None:
        """Learn how long a step takes at the target, unless it was put back meanwhile.

        The provider's clock says it, within what the looks have shown.
        """
        if self.delayed:
            return
        elapsed = self.elapsed().total_seconds()
        taken = [status.taken.total_seconds() for status in statuses if status.taken]
        said = max(taken) if taken else (self.missed + elapsed) / 2
        self.durations.observe(target, min(max(said, self.missed), elapsed))

    def restart(self) -> None:
        """Begin with the next step: it made progress, so polls are frequent again."""
        self.placed, self.polls, self.delayed, self.missed = self.clock.now(), 0, False, 0.0
