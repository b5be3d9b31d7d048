"""Retry policies as the worker reports them."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from types import SimpleNamespace

import pytest

from localdev.host.retry import RetryPolicy


def exponential(most: int) -> SimpleNamespace:
    """Return a policy from one second to five, in the worker's words."""
    return SimpleNamespace(
        retry_strategy="exponential_backoff",
        max_retry_count=most,
        minimum_interval=timedelta(seconds=1),
        maximum_interval=timedelta(seconds=5),
    )


FIXED = SimpleNamespace(
    retry_strategy="fixed_delay", max_retry_count=2, delay_interval=timedelta(seconds=3)
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, []),
        (FIXED, [3, 3]),
        (exponential(4), [1, 2, 4, 5]),
        (exponential(0), []),
        (exponential(-1), [1, 2, 4, 5, 5, 5]),  # without end
    ],
)
def test_pauses(options: SimpleNamespace | None, expected: list[float]) -> None:
    """A policy says how often to try again, and after which pauses."""
    assert list(islice(RetryPolicy.of(options).pauses(), 6)) == expected
