"""One caller's jobs while a target that another caller uses is in trouble, and without that."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
from aiohttp import ClientSession

from localdev.stack.endpoints import access_to, workspace_of
from localdev.stack.facts import StackFacts
from tools.bench import jobs
from tools.bench.timing import latencies
from tools.figures import Baseline, Figure, Target

_OTHER = "local.sim.aer"
_PATH = "algorithms/ghz/jobs"
_WARM_UP = 5
_DAY = 86_400
_SLOW_JOBS = 8
_STALE = 31.0
"""Seconds after which the list of targets is asked for anew."""
_TIMES = Target(1.5)
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of the workspace, and the target of the jobs that meet it."""

    name: str
    target: str
    fault: Mapping[str, Any]
    stale: bool = False
    """Whether it shows only when the list of targets is not fresh any more."""


TROUBLES = (
    Trouble(
        "a target asks for a day",
        "ionq.simulator",
        {"operation": "jobs.create", "status": 429, "retryAfter": _DAY},
    ),
    Trouble(
        "a target answers after 40 s",
        "rigetti.sim.qvm",
        {"operation": "jobs.create", "delay": "40s"},
    ),
    Trouble(
        "the list of targets is throttled",
        "quantinuum.sim.h2-1e",
        {"operation": "providerStatus", "status": 429, "retryAfter": 40},
        stale=True,
    ),
)
"""Each at a target of its own, whose circuit breaker is closed before."""


async def measure(facts: StackFacts, repetitions: int) -> list[Figure]:
    """Return for each trouble how many times as long a job takes beside it.

    Raises:
        UnexpectedResponseError: a job at the target without trouble has no result.
        TimeoutError: nothing meets the trouble.

    """
    async with (
        jobs.connect(access_to(facts, "ada")) as client,
        jobs.connect(access_to(facts, "grace"), _SLOW_JOBS) as slow,
        _workspace(facts) as workspace,
    ):
        return [
            await _beside(trouble, client, slow, workspace, repetitions) for trouble in TROUBLES
        ]


async def _beside(
    trouble: Trouble,
    client: ClientSession,
    slow: ClientSession,
    workspace: httpx.AsyncClient,
    repetitions: int,
) -> Figure:
    async def job() -> None:
        body = {**jobs.BODY, "target": {"id": _OTHER}}
        await jobs.call(client, "POST", _PATH, HTTPStatus.OK, json=body, headers=jobs.WAIT)

    without = await latencies(job, repetitions, _WARM_UP)
    at = {} if trouble.stale else {"target": trouble.target}
    added = await workspace.post("faults", json={**trouble.fault, **at})
    number = added.raise_for_status().json()["id"]
    if trouble.stale:
        await asyncio.sleep(_STALE)
    body = {**jobs.BODY, "target": {"id": trouble.target}}
    submitted = [
        await jobs.call(slow, "POST", _PATH, HTTPStatus.ACCEPTED, json=body)
        for _ in range(_SLOW_JOBS)
    ]
    await _met(workspace, number)
    beside = statistics.median(await latencies(job, repetitions))
    (await workspace.delete(f"faults/{number}")).raise_for_status()
    for one in submitted:
        # Those that found their target in order have ended.
        async with slow.delete(one.headers["operation-location"]) as response:
            await response.read()
    # Before and after, since on a busy machine the one may be twice the other.
    without += await latencies(job, repetitions, _WARM_UP)
    usual = statistics.median(without)
    baseline = Baseline(usual, "milliseconds of a job without it")
    return Figure(f"job while {trouble.name}", beside / usual, "times", baseline, _TIMES)


async def _met(workspace: httpx.AsyncClient, number: int) -> None:
    """Wait until a request has met the fault."""
    async with asyncio.timeout(_TIMEOUT):
        while True:
            faults = (await workspace.get("faults")).raise_for_status().json()["value"]
            if any(one["id"] == number and one["hits"] for one in faults):
                return
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def _workspace(facts: StackFacts) -> AsyncIterator[httpx.AsyncClient]:
    access = workspace_of(facts)
    async with httpx.AsyncClient(
        base_url=f"{access.url}emulator/", headers=dict(access.headers), timeout=_TIMEOUT
    ) as client:
        yield client
