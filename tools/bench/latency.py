"""Latency of submits and results, with a single caller."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

from localdev.host.configuration import load_host
from localdev.repository import ROOT
from localdev.stack.endpoints import Access
from tools.bench import jobs
from tools.bench.timing import latencies, milliseconds
from tools.figures import Baseline, Figure, Target, p95

WARM_UP = 5  # jobs before anything is measured: imports, connections, caches
IDLE_SECONDS = (5.0, 8.0)  # a queue listener makes its longest pauses by then
SUBMIT_TARGET = Target(15)
RESULT_TARGET = Target(150)


async def measure(access: Access, repetitions: int, idle: int, aer: float) -> list[Figure]:
    """Submit jobs one after the other, each followed to its result before the next.

    Args:
        access: how to call the API
        repetitions: jobs for each way of waiting
        idle: jobs after a pause each, because a job that nobody waits for on submit starts with the
            next look into its queue, and the host looks the more rarely the longer it finds nothing
        aer: milliseconds that the bare simulation takes

    """
    async with jobs.connect(access) as client:
        for _ in range(WARM_UP):
            await jobs.result(client, await jobs.submit(client))
        health = await latencies(lambda: jobs.health(client), repetitions)
        submits: list[float] = []

        async def submit_then_wait() -> None:
            started = time.perf_counter()
            submitted = await jobs.submit(client)
            submits.append((time.perf_counter() - started) * 1000)
            await jobs.result(client, submitted)

        polled = await latencies(submit_then_wait, repetitions)
        first = []
        for _ in range(idle):
            await asyncio.sleep(random.uniform(*IDLE_SECONDS))  # noqa: S311 - no secret
            first.append(await milliseconds(submit_then_wait))
        held = await latencies(lambda: jobs.submit(client, wait=True), repetitions)
    http = Baseline(statistics.median(health), "GET /api/health")
    simulation = Baseline(aer, "bare Aer")
    longest_pause = load_host(ROOT).queues.max_polling_interval * 1000
    look = Baseline(longest_pause / 2, "half of maxPollingInterval")
    return [
        *_median_and_p95("submit", submits[:repetitions], http, SUBMIT_TARGET),
        *_median_and_p95("result, wait on result", polled, simulation, RESULT_TARGET),
        *_median_and_p95("the same, idle before", first, look, RESULT_TARGET),
        *_median_and_p95("result, in one request", held, simulation, RESULT_TARGET),
    ]


def _median_and_p95(
    name: str, times: Sequence[float], baseline: Baseline, target: Target
) -> tuple[Figure, Figure]:
    return (
        Figure(f"{name}, median", statistics.median(times), "ms", baseline, target),
        Figure(f"{name}, p95", p95(times), "ms"),
    )
