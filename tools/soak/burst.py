"""Fairness: one caller submits thousands of jobs at once, and another one submits a single job."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psutil
from aiohttp import ClientSession

from localdev.stack.endpoints import access_to
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from tools.bench.jobs import BODY, connect
from tools.figures import Figure, Target, p95
from tools.soak.run import NAMED_VALUES
from tools.soak.snapshot import Snapshot

_WARM_UP = 5
_CONNECTIONS = 64
_LEAST, _SLOWEST = 60.0, 1.0
"""Seconds that a burst may take, and each of its jobs in the mean."""
_PERIOD = 0.25
"""Seconds between two looks of the other caller at a job."""
_WATCH_PERIOD = 10.0
"""Seconds between two looks at all jobs, each of which costs the stack something."""
_TAG = "burst"
_FEW = 2
_WITHIN = Target(3)
_STATUS = Target(250)
_MEMORY = Target(400)
_MEGABYTE = 2**20
_FINAL = frozenset({"Succeeded", "Failed", "Canceled"})


class LostJobsError(Exception):
    """Jobs of the burst did not succeed."""


@dataclass(slots=True)
class _Seen:
    """The times of a burst, in seconds, and the bytes of the host."""

    accepted: int = 0
    single: list[float] = field(default_factory=list)
    """From the submission of a job of the other caller to its end."""
    status: list[float] = field(default_factory=list)
    memory: int = 0
    submitting: float = 0.0
    total: float = 0.0


def measure(directory: Path, jobs: int, say: Callable[[str], None]) -> list[Figure]:
    """Run a burst of *jobs* jobs on a stack of its own, without faults; return its figures.

    Raises:
        LostJobsError: not all of its jobs succeeded in time.

    """
    options = Options(directory, named_values=NAMED_VALUES)
    with Stack(options) as stack:
        say(f"submitting {jobs} jobs at once")
        seen = asyncio.run(_burst(stack, jobs, say))
    figures = [
        Figure("submissions accepted", jobs / seen.submitting, "/s"),
        Figure("seconds until the burst was done", seen.total, "s"),
        Figure("memory of the host, at most", seen.memory / _MEGABYTE, "MiB", None, _MEMORY),
    ]
    if seen.single:
        slowest = max(seen.single)
        figures += [
            Figure("another caller's job, median", statistics.median(seen.single), "s"),
            Figure("another caller's job, slowest", slowest, "s", None, _WITHIN),
        ]
    if len(seen.status) >= _FEW:
        figures.append(Figure("GET status, p95", 1000 * p95(seen.status), "ms", None, _STATUS))
    return figures


async def _burst(stack: Stack, jobs: int, say: Callable[[str], None]) -> _Seen:
    seen = _Seen()
    async with (
        connect(access_to(stack.facts, "ada"), _CONNECTIONS) as client,
        connect(access_to(stack.facts, "grace")) as other,
    ):
        await _warm_up(other)
        started = time.monotonic()
        single = asyncio.create_task(_single_jobs(other, seen))
        try:
            left = iter(range(jobs))
            await asyncio.gather(*(_submit(client, left, seen) for _ in range(_CONNECTIONS)))
            seen.submitting = time.monotonic() - started
            say(f"{seen.submitting:4.0f} s: {seen.accepted} jobs accepted")
            await _until_done(stack, jobs, seen, say)
            if single.done():
                single.result()  # it ends by an error alone
        finally:
            single.cancel()
            await asyncio.gather(single, return_exceptions=True)
    seen.total = time.monotonic() - started
    return seen


async def _warm_up(client: ClientSession) -> None:
    """Have the host import and start what its first jobs need, as one that is in use has done."""
    for _ in range(_WARM_UP):
        headers = {"prefer": "wait=30"}
        async with client.post("algorithms/ghz/jobs", json=BODY, headers=headers) as response:
            await response.read()


async def _submit(client: ClientSession, left: Iterator[int], seen: _Seen) -> None:
    """Submit one job after the other, each again when the API asks for patience."""
    body = {**BODY, "tags": [_TAG]}
    for number in left:
        key = {"idempotency-key": f"burst {number}"}
        while True:
            async with client.post("algorithms/ghz/jobs", json=body, headers=key) as response:
                await response.read()
                if response.status == HTTPStatus.ACCEPTED:
                    break
                await asyncio.sleep(float(response.headers.get("Retry-After", "1")))
        seen.accepted += 1


async def _single_jobs(client: ClientSession, seen: _Seen) -> None:
    """Submit one job after the other, each when the last one has ended, and look at it."""
    while True:
        began = time.monotonic()
        async with client.post("algorithms/ghz/jobs", json=BODY) as response:
            address = response.headers["Operation-Location"]
        status = ""
        while status not in _FINAL:
            await asyncio.sleep(_PERIOD)
            asked = time.monotonic()
            async with client.get(address) as response:
                status = (await response.json())["status"]
            seen.status.append(time.monotonic() - asked)
        seen.single.append(time.monotonic() - began)


async def _until_done(stack: Stack, jobs: int, seen: _Seen, say: Callable[[str], None]) -> None:
    snapshot, host = Snapshot(stack.facts), psutil.Process(stack.pid("functions"))
    end, ends = time.monotonic() + _LEAST + _SLOWEST * jobs, Counter[str]()
    while time.monotonic() < end:
        seen.memory = max(seen.memory, host.memory_info().rss)
        records = (await asyncio.to_thread(snapshot.overview)).records.values()
        ends = Counter(str(one.job.status) for one in records if _TAG in one.job.tags)
        say(f"{ends['Succeeded']} of {jobs} jobs of the burst are done")
        if ends["Succeeded"] == jobs:
            return
        await asyncio.sleep(_WATCH_PERIOD)
    raise LostJobsError(f"{jobs} jobs were accepted, and became {dict(ends)}.")
