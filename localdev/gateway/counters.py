"""Rate limits: token buckets, as in the v2 tiers of API Management."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_FORGET_EVERY = 1000
"""Takes between two times that buckets nobody needs any more are looked for."""


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: float
    full_at: float


@dataclass(slots=True)
class Counters:
    """Token buckets by key: each holds the calls of one period and is refilled continuously."""

    now: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _takes: int = 0

    def take(self, key: str, calls: int, period: int, count: int = 1) -> None:
        """Take *count* tokens from the bucket of *key*.

        What is not there becomes a debt, which is refilled before the next call: a count that is
        known only at the end may be more than is left. As in the sliding window of the classic
        tiers nothing is owed for longer than a period.
        """
        bucket = self._filled(key, calls, period)
        bucket.level = max(1.0 - calls, bucket.level - count)
        bucket.full_at = bucket.filled_at + (calls - bucket.level) * period / calls
        self._takes += 1
        if self._takes % _FORGET_EVERY == 0:
            self._forget(bucket.filled_at)

    def remaining(self, key: str, calls: int, period: int) -> int:
        """Return how many calls the bucket of *key* allows now."""
        return max(0, math.floor(self._filled(key, calls, period).level))

    def wait(self, key: str, calls: int, period: int) -> int:
        """Return the whole seconds until the bucket of *key* allows the next call."""
        missing = 1 - self._filled(key, calls, period).level
        return max(1, math.ceil(missing * period / calls))

    def _filled(self, key: str, calls: int, period: int) -> _Bucket:
        now = self.now()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(calls, now, now)
        bucket.level = min(calls, bucket.level + (now - bucket.filled_at) * calls / period)
        bucket.filled_at = now
        return bucket

    def _forget(self, now: float) -> None:
        self._buckets = {key: one for key, one in self._buckets.items() if one.full_at > now}
