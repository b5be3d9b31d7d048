"""Estimates of the duration of jobs at each target, learnt by this process."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Durations:
    """An estimate per target, a moving average, so that a busy simulator is not polled in vain.

    It goes half-way to each duration that is seen. A job that was over at the first poll may have
    been over long before: then the estimate is halved, and a few jobs after a rush it is small.
    """

    _seconds: dict[str, float] = field(default_factory=dict)

    def typical(self, target: str) -> float:
        """Return the seconds a job takes from submission to its end; 0 if none was seen."""
        return self._seconds.get(target, 0.0)

    def observe(self, target: str, seconds: float, polls: int) -> None:
        """Update the estimate: a job was over after *seconds* and *polls*."""
        if polls == 1:
            self._seconds[target] = seconds / 2
        else:
            self._seconds[target] = (self._seconds.get(target, seconds) + seconds) / 2
