"""Circuit breaker of a backend: after too many failures, no request is sent for some time."""

from __future__ import annotations

import re
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


class StatusRange(JsonModel):
    """Statuses of responses, both ends included."""

    min: int
    max: int


class FailureCondition(JsonModel):
    """The failures that open a circuit breaker: *count* of them within *interval*."""

    count: int
    interval: Duration
    status_code_ranges: list[StatusRange]


class Rule(JsonModel):
    """Settings of a circuit breaker, as in a backend resource of API Management."""

    name: str
    failure_condition: FailureCondition
    trip_duration: Duration
    """The time for which the circuit breaker stays open."""
    accept_retry_after: bool
    """Whether the backend's own Retry-After says how long."""


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
        condition, now = self.rule.failure_condition, self.now()
        if not any(one.min <= status <= one.max for one in condition.status_code_ranges):
            return
        self._failures.append(now)
        oldest = now - condition.interval.total_seconds()
        while self._failures[0] < oldest:
            self._failures.popleft()
        if len(self._failures) >= condition.count:
            self._failures.clear()
            seconds = self.rule.trip_duration.total_seconds()
            if self.rule.accept_retry_after and re.fullmatch("[0-9]+", retry_after or ""):
                seconds = float(retry_after or "")
            self._closed_at = now + seconds
