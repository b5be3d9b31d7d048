"""Jobs at a device with a queue of days: delay from an output to the end of its job, and polls."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from aiohttp import ClientSession

from localdev.commands.span_tree import read_trees
from localdev.commands.trace import SPANS
from localdev.stack.endpoints import access_to, workspace_of
from localdev.stack.facts import StackFacts
from tools.bench import jobs
from tools.figures import Figure, Target

DEVICE = "quantinuum.qpu.h2-1"
DAYS = 2
QUEUE = {"averageQueueTime": DAYS * 86_400, "queueDelay": f"{DAYS}d"}
LATE = Target(5)
POLLS = Target(2)
_BODY = {"input": {"qubits": 2}, "shots": 20, "target": {"id": DEVICE}}
_POLL = "provider status"
"""The span of a poll."""
_PERIOD = 1.0
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures of each of the jobs, which have succeeded."""

    late: Sequence[float]
    """Seconds from the end of its circuit, by the workspace, to its own, by its record."""
    polls: Sequence[int]
    """Of its circuit at the workspace."""


async def measure(facts: StackFacts, number: int) -> list[Figure]:
    """Return the longest delay and the most polls of so many jobs that are ready at once.

    Raises:
        UnexpectedResponseError: a job is not accepted, or has no result.
        TimeoutError: the jobs do not get as far as they should.

    """
    outcome = await run(facts, number)
    of = f"of {number} in a queue of days"
    return [
        Figure(f"output to end of a job {of}, longest", max(outcome.late), "s", None, LATE),
        Figure(f"polls of a job {of}, most", max(outcome.polls), "", None, POLLS),
    ]


async def run(facts: StackFacts, number: int) -> Outcome:
    """Submit so many jobs, let two days pass at the workspace, and see them end.

    Raises:
        UnexpectedResponseError: a job is not accepted, or has no result.
        TimeoutError: the jobs do not get as far as they should.

    """
    async with (
        jobs.connect(access_to(facts, uuid.uuid4().hex)) as client,
        _workspace(facts) as workspace,
    ):
        accepted = [
            await jobs.call(client, "POST", "algorithms/ghz/jobs", HTTPStatus.ACCEPTED, json=_BODY)
            for _ in range(number)
        ]
        links = [one.headers["location"] for one in accepted]
        ids = {json.loads(one.text)["id"] for one in accepted}
        # Each is looked at once soon after it was placed: what fails at once announces nothing.
        await _until(lambda: len(_polls(facts, ids)) == number)
        await workspace.post("clock/advance", json={"by": f"{DAYS}d"})
        results = [await _result(client, link) for link in links]
        ahead = timedelta(seconds=(await workspace.get("clock")).json()["advancedBy"])
    return Outcome(
        [_late(one, ahead) for one in results],
        list(_polls(facts, ids).values()),
    )


async def _result(client: ClientSession, link: str) -> dict[str, Any]:
    async with asyncio.timeout(_TIMEOUT):
        while True:
            async with client.get(link, headers=jobs.WAIT) as response:
                if response.status == HTTPStatus.OK:
                    result: dict[str, Any] = await response.json()
                    return result
                if response.status != HTTPStatus.ACCEPTED:
                    text = await response.text()
                    raise jobs.UnexpectedResponseError(
                        jobs.Response(f"GET {link}", response.status, {}, text)
                    )


def _late(result: dict[str, Any], ahead: timedelta) -> float:
    """Return the seconds of one job; the clock of the workspace is *ahead*."""
    ended = datetime.fromisoformat(result["finishedAt"])
    output = datetime.fromisoformat(result["provenance"]["executionEndedAt"]) - ahead
    return (ended - output).total_seconds()


def _polls(facts: StackFacts, ids: set[str]) -> Counter[str]:
    """Return how often the circuit of each job was polled, by the traces of the jobs."""
    found = Counter[str]()
    for tree in read_trees(Path(facts["functions"]["telemetry"]) / SPANS):
        spans = list(tree.all())
        for job in {str(span.attributes.get("qjobs.job.id")) for span in spans} & ids:
            found[job] += sum(span.name == _POLL and span.ended is not None for span in spans)
    return +found


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_TIMEOUT):
        while not is_so():  # noqa: ASYNC110 - it is in a file
            await asyncio.sleep(_PERIOD)


@contextlib.asynccontextmanager
async def _workspace(facts: StackFacts) -> AsyncIterator[httpx.AsyncClient]:
    """Connect to the control of the workspace, whose device has the queue inside the block."""
    access = workspace_of(facts)
    async with httpx.AsyncClient(
        base_url=f"{access.url}emulator/",
        headers=dict(access.headers),
        timeout=_TIMEOUT,
        event_hooks={"response": [_check]},
    ) as client:
        await client.patch("settings", json={"targets": {DEVICE: QUEUE}})
        try:
            yield client
        finally:
            await client.patch("settings", json={"targets": {DEVICE: None}})


async def _check(response: httpx.Response) -> None:
    response.raise_for_status()
