"""Latency of the gateway, and throughput of its cache."""

from __future__ import annotations

import asyncio
import statistics
import time
from http import HTTPStatus

import aiohttp

from localdev.stack.endpoints import Access, access_to, gateway_to, workspace_of
from localdev.stack.facts import StackFacts
from tools.bench import jobs
from tools.figures import Figure, Floor, Target, p95

CONNECTIONS = 8
WARM_UP = 20
OVERHEAD_TARGET = Target(5)
CACHED_TARGET = Target(500, at_least=True)
TARGET = "local.sim.aer"


async def measure(facts: StackFacts, requests: int) -> list[Figure]:
    """Poll one job that waits and one that is finished, through the gateway and without it."""
    outside, inside = access_to(facts), gateway_to(facts)
    nothing = f"{outside.url}-/"  # not below the API: the server answers without any policy
    async with jobs.connect(outside, CONNECTIONS) as client:
        finished = await jobs.submit(client, wait=True)
        result = f"{finished.headers['location']}/result"
        await _open_queue(workspace_of(facts), is_open=False)
        waiting = (await jobs.submit(client)).headers["location"] + "?redirect=false"
        bare = await _times(client, nothing, requests, HTTPStatus.NOT_FOUND)
        chain = await _times(client, waiting, requests)
        cached = await _rate(client, result, 4 * requests)
        floor = await _rate(client, nothing, 4 * requests, HTTPStatus.NOT_FOUND)
    async with jobs.connect(inside) as client:
        path = waiting.removeprefix(f"{outside.url}/")
        direct = await _times(client, path, requests)
    await _open_queue(workspace_of(facts), is_open=True)
    overhead = statistics.median(chain) - statistics.median(direct)
    server = Floor(statistics.median(bare), "an empty answer of its server")
    functions = Floor(statistics.median(direct), "the functions alone")
    return [
        Figure("status poll, whole chain, median", statistics.median(chain), "ms", functions),
        Figure("status poll, whole chain, p95", p95(chain), "ms"),
        Figure("gateway's part of it", overhead, "ms", server, OVERHEAD_TARGET),
        Figure(
            "results from its cache",
            cached,
            "/s",
            Floor(floor, "empty answers of its server"),
            CACHED_TARGET,
        ),
    ]


async def _times(
    client: aiohttp.ClientSession, url: str, count: int, expected: HTTPStatus = HTTPStatus.OK
) -> list[float]:
    """Return the milliseconds of requests one after the other."""
    times = []
    for number in range(WARM_UP + count):
        started = time.perf_counter()
        await jobs.call(client, "GET", url, expected)
        if number >= WARM_UP:
            times.append((time.perf_counter() - started) * 1000)
    return times


async def _rate(
    client: aiohttp.ClientSession, url: str, count: int, expected: HTTPStatus = HTTPStatus.OK
) -> float:
    """Return the requests per second of several connections."""
    waiting = iter(range(count))

    async def ask() -> None:
        for _ in waiting:
            await jobs.call(client, "GET", url, expected)

    started = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - started)


async def _open_queue(workspace: Access, *, is_open: bool) -> None:
    """Let jobs run, or have them wait."""
    state = {"availability": "Available" if is_open else "Unavailable"}
    async with (
        aiohttp.ClientSession(headers=workspace.headers) as client,
        client.patch(
            f"{workspace.url}emulator/settings", json={"targets": {TARGET: state}}
        ) as answer,
    ):
        answer.raise_for_status()
