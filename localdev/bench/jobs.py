"""The calls the measurements make: a GHZ job, submitted and waited for in each way there is."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from localdev.parts import Facts

QUBITS = 5
SHOTS = 1000
BODY: dict[str, Any] = {"input": {"qubits": QUBITS}, "shots": SHOTS}
WAIT = {"prefer": "wait=30"}
PAGE = 100  # jobs in one page of the list


class UnexpectedAnswerError(Exception):
    """The service did not do what is measured."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url}: {answer} {answer.text}")


@asynccontextmanager
async def connect(functions: Facts, connections: int = 1) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client of the API."""
    async with httpx.AsyncClient(
        base_url=functions["url"],
        headers={"x-functions-key": functions["key"]},
        limits=httpx.Limits(max_connections=connections),
        timeout=60,
        trust_env=False,
    ) as client:
        yield client


async def submit(
    client: httpx.AsyncClient, *, wait: bool = False, tag: str | None = None
) -> httpx.Response:
    """Submit the job; with *wait*, return when it is finished."""
    body = BODY | ({"tags": [tag]} if tag else {})
    headers = WAIT if wait else {}
    answer = await client.post("/api/algorithms/ghz/jobs", json=body, headers=headers)
    return _expect(answer, httpx.codes.ACCEPTED)


async def result(client: httpx.AsyncClient, submitted: httpx.Response) -> None:
    """Follow the address that *submitted* gave to the result, holding the line until it is there.

    Raises:
        UnexpectedAnswerError: there is no result.

    """
    answer = await client.get(submitted.headers["location"], headers=WAIT)
    _expect(answer, httpx.codes.SEE_OTHER)
    _expect(await client.get(answer.headers["location"]), httpx.codes.OK)


async def all_finished(client: httpx.AsyncClient, tag: str, jobs: int, period: float) -> float:
    """Return the time (as of `time.time`) at which the last of the *jobs* with *tag* succeeded.

    Looks only every *period* seconds, so that watching does not slow down what is watched; the
    service's own times are exact, and the clock is the same.

    Raises:
        UnexpectedAnswerError: a job did not succeed.
        TimeoutError: they take too long.

    """
    deadline = time.monotonic() + 10 + jobs
    while time.monotonic() < deadline:
        await asyncio.sleep(period)
        listed = [job async for job in _listed(client, tag)]
        if len(listed) == jobs and all(job["status"] == "Succeeded" for job in listed):
            return max(datetime.fromisoformat(job["finishedAt"]).timestamp() for job in listed)
        if any(job["status"] in {"Failed", "Canceled"} for job in listed):
            raise UnexpectedAnswerError(await client.get("/api/jobs", params={"status": "Failed"}))
    raise TimeoutError(f"{jobs} jobs are not finished after {10 + jobs} s")


async def _listed(client: httpx.AsyncClient, tag: str) -> AsyncIterator[dict[str, Any]]:
    params: dict[str, str | int] = {"tag": tag, "top": PAGE}
    while True:
        answer = _expect(await client.get("/api/jobs", params=params), httpx.codes.OK)
        page = answer.json()
        for job in page["jobs"]:
            yield job
        if not (continuation := page.get("continuationToken")):
            return
        params["continuationToken"] = continuation


def _expect(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        raise UnexpectedAnswerError(answer)
    return answer
