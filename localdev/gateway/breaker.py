"""Circuit breaker of a backend: after too many failures, no request is sent for some time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from qjobs.domain.times import parse_duration


@dataclass(frozen=True, slots=True)
class Rule:
    """Settings of a circuit breaker: the failures that open it, and how long it stays open."""

    count: int
    """Failures within *interval* that open it."""
    interval: timedelta
    statuses: tuple[tuple[int, int], ...]
    """Ranges of statuses, both ends included, that are failures."""
    trip: timedelta
    accept_retry_after: bool
    """Whether the backend's own Retry-After says how long."""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Rule:
        """Read a rule as the backend resource of API Management has it.

        Raises:
            KeyError: a property is missing.
            ValueError: a property is not known, or not what it has to be.

        """
        condition = document["failureCondition"]
        known = {"name", "failureCondition", "tripDuration", "acceptRetryAfter"}
        unknown = document.keys() - known
        unknown |= condition.keys() - {"count", "interval", "statusCodeRanges"}
        if unknown:
            raise ValueError(f"the circuit breaker has an unknown property {min(unknown)}")
        return cls(
            count=int(condition["count"]),
            interval=parse_duration(condition["interval"]),
            statuses=tuple((one["min"], one["max"]) for one in condition["statusCodeRanges"]),
            trip=parse_duration(document["tripDuration"]),
            accept_retry_after=bool(document["acceptRetryAfter"]),
        )


@dataclass(slots=True)
class Breaker:
    """State of the circuit breaker of one backend."""

    rule: Rule
    now: Callable[[], float] = time.monotonic
    _failures: deque[float] = field(default_factory=deque)
    _closed_at: float = 0.0

    @property
    def open(self) -> bool:
        """Whether the circuit breaker is open: no request may be sent."""
        return self.now() < self._closed_at

    def note(self, status: int, retry_after: str | None) -> None:
        """Record the status of a response, which may open the circuit breaker."""
        if not any(low <= status <= high for low, high in self.rule.statuses):
            return
        now = self.now()
        self._failures.append(now)
        oldest = now - self.rule.interval.total_seconds()
        while self._failures[0] < oldest:
            self._failures.popleft()
        if len(self._failures) >= self.rule.count:
            self._failures.clear()
            asked = retry_after or ""
            accepted = self.rule.accept_retry_after and asked.isascii() and asked.isdigit()
            self._closed_at = now + (int(asked) if accepted else self.rule.trip.total_seconds())
