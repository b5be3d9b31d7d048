"""Timing of asynchronous calls: latency of one caller, throughput of several."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

type Call = Callable[[], Awaitable[object]]


async def milliseconds(call: Call) -> float:
    """Return the duration of a call."""
    started = time.perf_counter()
    await call()
    return (time.perf_counter() - started) * 1000


async def latencies(call: Call, repetitions: int, warm_up: int = 0) -> list[float]:
    """Return the milliseconds of calls one after the other; the first *warm_up* do not count."""
    return [await milliseconds(call) for _ in range(warm_up + repetitions)][warm_up:]


async def seconds_of(calls: Iterable[Call], callers: int) -> float:
    """Return the seconds until *callers* at a time have made all *calls*."""
    waiting = iter(calls)

    async def caller() -> None:
        for call in waiting:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return time.perf_counter() - started


async def throughput(call: Call, repetitions: int, callers: int) -> float:
    """Return the calls per second of several callers."""
    return repetitions / await seconds_of([call] * repetitions, callers)
