"""Estimates of the duration of jobs at each target, learnt by this process."""

from __future__ import annotations

from dataclasses import dataclass, field

_SLOWER, _QUICKER = 0.25, 0.5
"""The weight of a new duration, by how it compares: the end of a rush is soon noticed."""


@dataclass(slots=True)
class _Estimate:
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Durations:
    """An estimate per target, so that a busy simulator is not polled in vain.

    It is a moving average of the durations and, on top of it, of how much longer some take, as TCP
    estimates when a response is overdue (RFC 6298): most jobs are over by then, and those of a
    steady target have hardly been over for long.
    """

    _estimates: dict[str, _Estimate] = field(default_factory=dict)

    def typical(self, target: str) -> float:
        """Return the seconds in which most jobs end after their submission; 0 if none was seen."""
        known = self._estimates.get(target)
        return known.mean + known.deviation if known else 0.0

    def observe(self, target: str, seconds: float) -> None:
        """Update the estimate: a job took so many *seconds*."""
        known = self._estimates.setdefault(target, _Estimate(seconds, 0.0))
        later = seconds - known.mean
        known.deviation += _SLOWER * (max(later, 0.0) - known.deviation)
        known.mean += (_SLOWER if later > 0 else _QUICKER) * later
