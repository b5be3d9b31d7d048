"""Retry policies of functions, as the worker reports them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

_WITHOUT_END = -1


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failed function is run again, and after which pauses."""

    most: int = 0
    """Retries after the first attempt; -1 is without end."""
    shortest: float = 0.0
    """Seconds before the first retry; each further pause is twice as long."""
    longest: float = 0.0
    """Seconds a pause has at most; with the same value for both the pauses are equal."""

    @staticmethod
    def of(options: Any) -> RetryPolicy:  # noqa: ANN401 - whatever the worker reports
        """Return the policy in the worker's words, or one without retries for None."""
        if options is None:
            return RetryPolicy()
        if options.retry_strategy == "fixed_delay":
            delay = options.delay_interval.total_seconds()
            return RetryPolicy(options.max_retry_count, delay, delay)
        return RetryPolicy(
            options.max_retry_count,
            options.minimum_interval.total_seconds(),
            options.maximum_interval.total_seconds(),
        )

    def pauses(self) -> Iterator[float]:
        """Return the pause before each retry, in seconds."""
        for retry in count():
            if retry == self.most and self.most != _WITHOUT_END:
                return
            yield min(self.shortest * 2.0 ** min(retry, 64), self.longest)
