"""Circuit breaker of a backend: after too many failures, no request is sent for some time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from pydantic import Strict

from azure_quantum_emulator.json_model import JsonModel

type Duration = Annotated[timedelta, Strict(strict=False)]
"""In JSON an ISO 8601 duration, such as PT10S."""


class FailureCondition(JsonModel):
    """The failures that open a circuit breaker: *count* of them within *interval*."""

    count: int
    interval: Duration
    error_reasons: list[str]
    """Reasons for which there was no response, as in `context.LastError.Reason`."""


class Rule(JsonModel):
    """Settings of a circuit breaker, as in a backend resource of API Management."""

    name: str
    failure_condition: FailureCondition
    trip_duration: Duration
    """The time for which the circuit breaker stays open."""


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

    def note(self, reason: str) -> None:
        """Record the reason for a missing response, which may open the circuit breaker."""
        condition, now = self.rule.failure_condition, self.now()
        if reason not in condition.error_reasons:
            return
        self._failures.append(now)
        oldest = now - condition.interval.total_seconds()
        while self._failures[0] < oldest:
            self._failures.popleft()
        if len(self._failures) >= condition.count:
            self._failures.clear()
            self._closed_at = now + self.rule.trip_duration.total_seconds()
