"""Latency of submits and results, with a single caller."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

from aiohttp import ClientSession

from localdev.host.configuration import load_host
from localdev.repository import ROOT
from localdev.stack.endpoints import Access
from tools.bench import jobs
from tools.bench.timing import latencies
from tools.figures import Baseline, Figure, Target, p95

WARM_UP = 5  # jobs before anything is measured: imports, connections, caches
IDLE_SECONDS = (5.0, 8.0)  # a queue listener makes its longest pauses by then
SUBMIT_TARGET = Target(15)
RESULT_TARGET = Target(80)
HELD_TARGET = Target(65)
WAITED_FOR = "result, wait on result"
HELD = "result, in one request"


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
        await _warm_up(client)
        health = await latencies(lambda: jobs.health(client), repetitions)
        submits, polled = await _waited_for(client, repetitions)
        first: list[float] = []
        for _ in range(idle):
            await asyncio.sleep(random.uniform(*IDLE_SECONDS))  # noqa: S311 - no secret
            _, once = await _waited_for(client, 1)
            first += once
        held = await latencies(lambda: jobs.submit(client, wait=True), repetitions)
    http = Baseline(statistics.median(health), "GET /api/health")
    simulation = Baseline(aer, "bare Aer")
    longest_pause = load_host(ROOT).queues.max_polling_interval * 1000
    look = Baseline(longest_pause / 2, "half of maxPollingInterval")
    return [
        *_median_and_p95("submit", submits, http, SUBMIT_TARGET),
        *_median_and_p95(WAITED_FOR, polled, simulation, RESULT_TARGET),
        *_median_and_p95("the same, idle before", first, look, RESULT_TARGET),
        *_median_and_p95(HELD, held, simulation, HELD_TARGET),
    ]


async def measure_again(
    access: Access, repetitions: int, stored: int, fresh: Sequence[Figure]
) -> list[Figure]:
    """Measure the way to a result once more, now that many jobs are stored.

    Args:
        access: how to call the API
        repetitions: jobs for each way of waiting
        stored: how many jobs there are
        fresh: the figures of `measure` on the stack when it was new

    """
    async with jobs.connect(access) as client:
        await _warm_up(client)
        _, polled = await _waited_for(client, repetitions)
        held = await latencies(lambda: jobs.submit(client, wait=True), repetitions)
    before = {figure.name: figure.value for figure in fresh}
    return [
        Figure(
            f"{name}, {stored} stored, median",
            statistics.median(times),
            "ms",
            Baseline(before[f"{name}, median"], "the same, fresh stack"),
            RESULT_TARGET,
        )
        for name, times in ((WAITED_FOR, polled), (HELD, held))
    ]


async def _warm_up(client: ClientSession) -> None:
    for _ in range(WARM_UP):
        await jobs.result(client, await jobs.submit(client))


async def _waited_for(
    client: ClientSession, repetitions: int
) -> tuple[Sequence[float], Sequence[float]]:
    """Submit jobs and wait for each; return the milliseconds to response and to result."""
    submits: list[float] = []

    async def submit_then_wait() -> None:
        started = time.perf_counter()
        submitted = await jobs.submit(client)
        submits.append((time.perf_counter() - started) * 1000)
        await jobs.result(client, submitted)

    return submits, await latencies(submit_then_wait, repetitions)


def _median_and_p95(
    name: str, times: Sequence[float], baseline: Baseline, target: Target
) -> tuple[Figure, Figure]:
    return (
        Figure(f"{name}, median", statistics.median(times), "ms", baseline, target),
        Figure(f"{name}, p95", p95(times), "ms"),
    )
