"""The evidence beside a result, as the members that the results of all algorithms share.

A result has its answer in domain terms and, beside it, `verified`, `comparison`, `baseline`, `svg`,
and either `bound` and `gap` or `uncertainty`. `tests/unit/algorithms/test_evidence.py` holds every
folder to that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from qjobs.domain.algorithm import JSONObject
from qjobs.methods.statistics import Interval


def verified(method: str) -> JSONObject:
    """Return `verified` of a classically checked result, with the method of the check."""
    return {"status": "Verified", "reason": method}


def not_verified(reason: str) -> JSONObject:
    """Return `verified` of a result without a check, or that did not pass it, with the reason."""
    return {"status": "NotVerified", "reason": reason}


def compared(method: str, compute: Callable[[], Any]) -> tuple[Any, JSONObject]:
    """Compute classically; return the value, and `comparison` with the time that it took.

    `value` of the comparison is that of *compute*, which has to be JSON; an algorithm that computes
    more than it shows puts another value there. `seconds` is the one member of a result that may
    be another when a step is computed again.
    """
    start = time.perf_counter()
    value = compute()
    seconds = time.perf_counter() - start
    return value, {"method": method, "value": value, "seconds": round(seconds, 6)}


def baseline(description: str, value: float) -> JSONObject:
    """Return `baseline`: the *value* of random readings, in the unit of the result."""
    return {"description": description, "value": float(value)}


def uncertainty(interval: Interval, standard_error: float | None = None) -> JSONObject:
    """Return `uncertainty`: the ends of an interval, and its confidence."""
    document = {
        "lower": interval.lower,
        "upper": interval.upper,
        "confidence": interval.confidence,
    }
    if standard_error is not None:
        document["standardError"] = standard_error
    return document


def without_times(result: JSONObject) -> JSONObject:
    """Return a result without `comparison.seconds`, to compare it with that of another run."""
    comparison = result.get("comparison")
    if not isinstance(comparison, dict):
        return result
    kept = {name: value for name, value in comparison.items() if name != "seconds"}
    return {**result, "comparison": kept}
