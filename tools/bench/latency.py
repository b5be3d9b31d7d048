"""Latency of submits and results, with a single caller."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from localdev.stack.endpoints import Access
from tools.bench import jobs
from tools.bench.timing import latencies
from tools.figures import Baseline, Figure, Target, p95

WARM_UP = 5  # jobs before anything is measured: imports, connections, caches
SUBMIT_TARGET = Target(15)
RESULT_TARGET = Target(150)


async def measure(access: Access, repetitions: int, aer: float) -> list[Figure]:
    """Submit jobs one after the other, each followed to its result before the next.

    Args:
        access: how to call the API
        repetitions: jobs for each way of waiting
        aer: milliseconds that the bare simulation takes

    """
    async with jobs.connect(access) as client:

        async def submit_and_wait() -> None:
            await jobs.result(client, await jobs.submit(client, wait=True))

        for _ in range(WARM_UP):
            await jobs.result(client, await jobs.submit(client))
        health = await latencies(lambda: jobs.health(client), repetitions)
        submits, polled = [], []
        for _ in range(repetitions):
            started = time.perf_counter()
            submitted = await jobs.submit(client)
            submits.append((time.perf_counter() - started) * 1000)
            await jobs.result(client, submitted)
            polled.append((time.perf_counter() - started) * 1000)
        held = await latencies(submit_and_wait, repetitions)
    http = Baseline(statistics.median(health), "GET /api/health")
    simulation = Baseline(aer, "bare Aer")
    return [
        *_median_and_p95("submit", submits, http, SUBMIT_TARGET),
        *_median_and_p95("result, wait on status", polled, simulation, RESULT_TARGET),
        *_median_and_p95("result, wait on submit", held, simulation, RESULT_TARGET),
    ]


def _median_and_p95(
    name: str, times: Sequence[float], baseline: Baseline, target: Target
) -> tuple[Figure, Figure]:
    return (
        Figure(f"{name}, median", statistics.median(times), "ms", baseline, target),
        Figure(f"{name}, p95", p95(times), "ms"),
    )
