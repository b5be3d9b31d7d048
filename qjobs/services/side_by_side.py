"""Calls to the provider that go side by side, as many as a step has circuits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from qjobs.domain.errors import TransientError


async def side_by_side[R](calls: Iterable[Callable[[], Awaitable[R]]]) -> list[R]:
    """Return the results of idempotent calls, in their order.

    Of many calls some fail, and never would all succeed at once: of 100, where one in 20 fails, in
    6 of 1,000 rounds. So those that failed are made again, without a pause, as long as others got
    through meanwhile and nobody has asked to wait. Otherwise the queue waits.

    Raises:
        TransientError: that of a call that failed in the last round, of those the one that asks for
            the longest wait.
        QJobsError: what a call raised that no repetition mends.

    """
    made = list(calls)
    results: dict[int, R] = {}
    while left := [number for number in range(len(made)) if number not in results]:
        outcomes = await asyncio.gather(
            *(made[number]() for number in left), return_exceptions=True
        )
        failures: list[TransientError] = []
        for number, outcome in zip(left, outcomes, strict=True):
            if isinstance(outcome, TransientError):
                failures.append(outcome)
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                results[number] = outcome
        if failures:
            longest = max(failures, key=lambda failure: failure.retry_after or 0.0)
            if longest.retry_after or len(failures) == len(left):
                raise longest
    return [results[number] for number in range(len(made))]
