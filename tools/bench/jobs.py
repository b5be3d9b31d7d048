"""API calls of the benchmark: a GHZ job is submitted, polled and listed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from localdev.stack.endpoints import Access

QUBITS = 5
SHOTS = 1000
BODY: dict[str, Any] = {"input": {"qubits": QUBITS}, "shots": SHOTS}
WAIT = {"prefer": "wait=30"}
PAGE = 100  # jobs in one page of the list


class UnexpectedResponseError(Exception):
    """A response is not the expected one, so the measurement means nothing."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"{response.request}: {response.status} {response.text}")


@dataclass(frozen=True, slots=True)
class Response:
    """A response, with its whole body."""

    request: str
    status: int
    headers: Mapping[str, str]
    text: str


@asynccontextmanager
async def connect(access: Access, connections: int = 1) -> AsyncIterator[ClientSession]:
    """Open a client of the API: aiohttp's, because it takes the least time of its own."""
    async with ClientSession(
        f"{access.url}/",
        headers=access.headers,
        connector=TCPConnector(limit=connections),
        timeout=ClientTimeout(total=60),
    ) as client:
        yield client


async def health(client: ClientSession) -> None:
    """Request the health endpoint, which does no work."""
    await call(client, "GET", "health", HTTPStatus.OK)


async def submit(client: ClientSession, *, wait: bool = False, tag: str | None = None) -> Response:
    """Submit the job; with *wait*, return when it is finished."""
    body = BODY | ({"tags": [tag]} if tag else {})
    headers = WAIT if wait else {}
    path = "algorithms/ghz/jobs"
    return await call(client, "POST", path, HTTPStatus.ACCEPTED, json=body, headers=headers)


async def result(client: ClientSession, submitted: Response) -> None:
    """Follow *submitted* to the result of the job, with long polls.

    Raises:
        UnexpectedResponseError: there is no result.

    """
    url = submitted.headers["location"]
    response = await call(client, "GET", url, HTTPStatus.SEE_OTHER, headers=WAIT)
    await call(client, "GET", response.headers["location"], HTTPStatus.OK)


async def all_finished(client: ClientSession, tag: str, jobs: int, period: float) -> float:
    """Return the time (as of `time.time`) at which the last of the *jobs* with *tag* succeeded.

    Looks only every *period* seconds, so that watching does not slow down what is watched; the
    service's own times are exact, and the clock is the same.

    Raises:
        UnexpectedResponseError: a job did not succeed.
        TimeoutError: they take too long.

    """
    deadline = time.monotonic() + 10 + jobs
    while time.monotonic() < deadline:
        await asyncio.sleep(period)
        listed = [job async for job in _listed(client, tag)]
        if len(listed) == jobs and all(job["status"] == "Succeeded" for job in listed):
            return max(datetime.fromisoformat(job["finishedAt"]).timestamp() for job in listed)
        if lost := [job for job in listed if job["status"] in {"Failed", "Canceled"}]:
            raise UnexpectedResponseError(Response("GET jobs", 200, {}, json.dumps(lost[0])))
    raise TimeoutError(f"{jobs} jobs are not finished after {10 + jobs} s")


async def _listed(client: ClientSession, tag: str) -> AsyncIterator[dict[str, Any]]:
    params: dict[str, str | int] = {"tag": tag, "top": PAGE}
    while True:
        response = await call(client, "GET", "jobs", HTTPStatus.OK, params=params)
        page = json.loads(response.text)
        for job in page["jobs"]:
            yield job
        if not (continuation := page.get("continuationToken")):
            return
        params["continuationToken"] = continuation


async def call(
    client: ClientSession,
    method: str,
    url: str,
    expected: HTTPStatus,
    **options: Any,  # noqa: ANN401 - aiohttp's
) -> Response:
    """Send a request.

    Raises:
        UnexpectedResponseError: the status is not the *expected* one.

    """
    async with client.request(method, url, allow_redirects=False, **options) as received:
        request = f"{method} {url}"
        response = Response(request, received.status, received.headers, await received.text())
    if response.status != expected:
        raise UnexpectedResponseError(response)
    return response
