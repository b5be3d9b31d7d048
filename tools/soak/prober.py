"""A caller that repeats requests of every operation, and notes the responses."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts

FUNCTIONS_HEALTH = "functions health"
"""The operation that says 500 while storage is away: ten 503 would open the circuit breaker."""
_WITHOUT_STORAGE = {
    "health": "health",
    "openapi": "openapi.json",
    "algorithms": "algorithms",
    "algorithm": "algorithms/ghz",
    "targets": "targets",
}
"""Operations that need none, with their paths: they fail only while no host runs."""
OPERATIONS = (
    *_WITHOUT_STORAGE,
    FUNCTIONS_HEALTH,
    "list",
    "status",
    "status, waiting",
    "result",
    "cancel",
    "submit",
    "submit, waiting",
)
_PROBLEM = "application/problem+json"
_GIVE_UP = 120.0
"""Seconds; the gateway does so after 60."""
_PAUSE = 0.4
_WAIT = 2


@dataclass(frozen=True, slots=True)
class Response:
    """One response of the API, as its caller saw it."""

    operation: str
    sent: float
    """As of `time.time`."""
    seconds: float
    status: int
    """0 if there was none."""
    media_type: str = ""
    """Without a response the name of the error."""
    retry_after: str | None = None

    @property
    def refused(self) -> bool:
        """Whether it asks for another try in the form that the contract has for that."""
        return (
            self.status == HTTPStatus.SERVICE_UNAVAILABLE
            and self.media_type == _PROBLEM
            and (self.retry_after or "").isdecimal()
        )

    @property
    def right(self) -> bool:
        """Whether it is what a caller may get while storage is away."""
        if self.operation in _WITHOUT_STORAGE and self.status == HTTPStatus.OK:
            return True
        if self.operation == FUNCTIONS_HEALTH and self.status in _OF_HEALTH:
            return True
        return self.refused


_OF_HEALTH = {HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR}
"""One look at the heartbeats serves everybody for half a minute."""


@dataclass
class Prober:
    """The caller; an async context manager."""

    facts: StackFacts
    responses: list[Response] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    """Ids of jobs."""
    _keys: Iterator[int] = field(default_factory=itertools.count)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        access = access_to(self.facts)
        self._client = ClientSession(
            f"{access.url}/", headers=access.headers, timeout=ClientTimeout(total=_GIVE_UP)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()
        await self._client.close()

    async def submit(self, body: Mapping[str, Any], wait: int = 0) -> str | None:
        """Submit a job; return its id if it was accepted."""
        headers = {"idempotency-key": f"key {next(self._keys)}", **_preference(wait)}
        name, path = "submit, waiting" if wait else "submit", "algorithms/ghz/jobs"
        answered = await self.ask(name, "POST", path, json=body, headers=headers)
        for header in ("Operation-Location", "Content-Location"):
            if where := answered.get(header):
                job_id: str = where.partition("/jobs/")[2].partition("/")[0]
                self.accepted.add(job_id)
                return job_id
        return None

    async def ask(
        self,
        operation: str,
        method: str,
        path: str,
        **options: Any,  # noqa: ANN401 - aiohttp's
    ) -> Mapping[str, str]:
        """Send a request, note the response, and return its headers."""
        sent, began = time.time(), time.monotonic()
        try:
            async with self._client.request(method, path, **options) as received:
                await received.read()
        except (ClientError, TimeoutError) as error:
            seconds = time.monotonic() - began
            self.responses.append(Response(operation, sent, seconds, 0, type(error).__name__))
            return {}
        self.responses.append(
            Response(
                operation,
                sent,
                time.monotonic() - began,
                received.status,
                received.content_type,
                received.headers.get("Retry-After"),
            )
        )
        return received.headers

    def begin(self, body: Mapping[str, Any], pending: str, ended: str) -> None:
        """Ask for everything from now on.

        Args:
            body: of the jobs to submit
            pending: a job that does not end meanwhile
            ended: one that has ended

        """
        waiting = _preference(_WAIT)
        gets = {
            **_WITHOUT_STORAGE,
            FUNCTIONS_HEALTH: "health/functions",
            "list": "jobs",
            "status": f"jobs/{pending}",
            "result": f"jobs/{pending}/result",
        }

        async def once(operation: str) -> None:
            match operation:
                case "submit":
                    await self.submit(body)
                case "submit, waiting":
                    await self.submit(body, _WAIT)
                case "cancel":
                    await self.ask(operation, "DELETE", f"jobs/{ended}")
                case "status, waiting":
                    await self.ask(operation, "GET", gets["status"], headers=waiting)
                case _:
                    await self.ask(operation, "GET", gets[operation])

        async def repeat(operation: str) -> None:
            while True:
                await once(operation)
                await asyncio.sleep(_PAUSE)

        self._tasks = [asyncio.create_task(repeat(operation)) for operation in OPERATIONS]

    async def end(self) -> None:
        """Ask no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []


def _preference(wait: int) -> dict[str, str]:
    return {"prefer": f"wait={wait}"} if wait else {}
