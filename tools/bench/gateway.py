"""Latency of the gateway, and throughput of its cache."""

from __future__ import annotations

import statistics
from http import HTTPStatus

import aiohttp

from localdev.stack.endpoints import Access, access_to, gateway_to, workspace_of
from localdev.stack.facts import StackFacts
from tools.bench import jobs
from tools.bench.timing import Call, latencies, throughput
from tools.bench.workspace_client import open_queue
from tools.figures import Baseline, Figure, Target, p95

CONNECTIONS = 8
WARM_UP = 20
OVERHEAD_TARGET = Target(5)
CACHED_TARGET = Target(500, at_least=True)


async def measure(facts: StackFacts, requests: int) -> list[Figure]:
    """Poll one job that waits and one that is finished, through the gateway and without it."""
    outside, inside = access_to(facts), gateway_to(facts)
    nothing = f"{outside.url}-/"  # not below the API: the server responds without any policy
    async with jobs.connect(outside, CONNECTIONS) as client:
        finished = await jobs.submit(client, wait=True)
        result = finished.headers["content-location"]
        await _open_queue(workspace_of(facts), is_open=False)
        waiting = (await jobs.submit(client)).headers["operation-location"]
        empty = _poll(client, nothing, HTTPStatus.NOT_FOUND)
        bare = await latencies(empty, requests, WARM_UP)
        chain = await latencies(_poll(client, waiting), requests, WARM_UP)
        cached = await throughput(_poll(client, result), 4 * requests, CONNECTIONS)
        baseline = await throughput(empty, 4 * requests, CONNECTIONS)
    async with jobs.connect(inside) as client:
        path = waiting.removeprefix(f"{outside.url}/")
        direct = await latencies(_poll(client, path), requests, WARM_UP)
    await _open_queue(workspace_of(facts), is_open=True)
    overhead = statistics.median(chain) - statistics.median(direct)
    server = Baseline(statistics.median(bare), "an empty response of its server")
    functions = Baseline(statistics.median(direct), "the functions alone")
    return [
        Figure("status poll, whole chain, median", statistics.median(chain), "ms", functions),
        Figure("status poll, whole chain, p95", p95(chain), "ms"),
        Figure("gateway's part of it", overhead, "ms", server, OVERHEAD_TARGET),
        Figure(
            "results from its cache",
            cached,
            "/s",
            Baseline(baseline, "empty responses of its server"),
            CACHED_TARGET,
        ),
    ]


def _poll(client: aiohttp.ClientSession, url: str, expected: HTTPStatus = HTTPStatus.OK) -> Call:
    return lambda: jobs.call(client, "GET", url, expected)


async def _open_queue(workspace: Access, *, is_open: bool) -> None:
    async with aiohttp.ClientSession(headers=workspace.headers) as client:
        await open_queue(client, workspace.url.rstrip("/"), is_open=is_open)
