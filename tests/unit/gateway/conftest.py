"""The policies of `apim/` as they are, in this process, before a backend that a test scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from localdev.gateway.backends import BackendError
from localdev.gateway.cache import Cache
from localdev.gateway.configuration import Files, compile_policies
from localdev.gateway.context import Api, Context, Headers, Response
from localdev.gateway.counters import Counters
from localdev.gateway.http import Gateway
from localdev.gateway.services import Forwarder, Services

APIM = Path(__file__).parents[3] / "apim"
TENANT = "0aaaaaaa-0000-4000-8000-000000000000"
VALUES = {
    "entra-tenant-id": TENANT,
    "api-client-id": "0bbbbbbb-0000-4000-8000-000000000000",
    "api-audience": "api://qjobs",
    "functions-audience": "api://functions",
    "gateway-client-id": "0ccccccc-0000-4000-8000-000000000000",
    "web-origin": "https://web.example.com",
    "submits-per-minute": "4",
    "polls-per-minute": "50",
    "shots-per-five-minutes": "2500",
    "largest-body-bytes": "1000",
}


@dataclass
class Time:
    """A clock that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Believer:
    """Takes for a token the JSON of its claims; real ones are tested elsewhere."""

    async def validate(self, token: str) -> Mapping[str, Any]:
        """Return the claims."""
        claims: dict[str, Any] = json.loads(token)
        return claims


class Identities:
    """The gateway's managed identity."""

    async def token(self, resource: str, client: str) -> str:
        """Return what a test can recognize."""
        return f"{client} for {resource}"


@dataclass
class Seen:
    """A request that reached the backend."""

    method: str
    path: str
    headers: Headers
    body: bytes
    chunked: bool


@dataclass
class Backend:
    """A scripted backend that records the requests it received."""

    answer: Callable[[Seen], Response | BackendError] = lambda _: Response(204)
    held: asyncio.Event | None = None
    """What requests with a preference wait for before they are answered."""
    seen: list[Seen] = field(default_factory=list)

    async def send(self, context: Context, seconds: int) -> Response:
        """Answer a request."""
        assert seconds > 30
        request = context.request
        path = f"{request.url.path}{request.url.query_string}"
        body = await request.received_body()
        seen = Seen(request.method, path, request.headers, body, request.chunked)
        self.seen.append(seen)
        if self.held is not None and "Prefer" in request.headers:
            await self.held.wait()
        answered = self.answer(seen)
        if isinstance(answered, BackendError):
            raise answered
        return answered


def answered(status: int, document: object, **headers: str | None) -> Response:
    """Return a JSON answer of the backend."""
    response = Response(status, body=json.dumps(document).encode())
    response.headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        if value is not None:
            response.headers[name.replace("_", "-")] = value
    return response


@dataclass
class Door:
    """The gateway with its surroundings."""

    client: httpx.AsyncClient
    backend: Backend
    time: Time

    async def ask(
        self,
        method: str,
        path: str,
        caller: str | None = "alice",
        headers: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 - httpx's
    ) -> httpx.Response:
        """Send a request for a caller who may do everything; for None, without a token."""
        token = {} if caller is None else bearer({"scp": "jobs.read jobs.submit", "oid": caller})
        return await self.client.request(
            method, f"/quantum{path}", headers={**token, **(headers or {})}, **options
        )


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem document that an answer has to be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert (document["code"], document["type"]) == (code, f"urn:qjobs:problem:{code}")
    assert document["instance"] == answer.request.url.path
    assert document["title"]
    assert document["detail"]
    return document


def bearer(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the header of a token with these claims."""
    return {"authorization": f"Bearer {json.dumps({'tid': TENANT, **claims})}"}


def gateway(
    backend: Forwarder,
    time: Time,
    values: Mapping[str, str] = VALUES,
    *,
    consumption: bool = False,
    **others: Forwarder,
) -> Gateway:
    """Compile the policies for a backend and a clock; for *others*, by their names, as well."""

    def validator(tenant: str, audiences: Sequence[str]) -> Believer:
        assert tenant == TENANT
        assert set(audiences) == {values["api-client-id"], values["api-audience"]}
        return Believer()

    files = Files(APIM, consumption=consumption)
    services = Services(
        backends={"functions": backend}
        | {name.replace("_", "-"): other for name, other in others.items()},
        validator=validator,
        tokens=Identities(),
        counters=Counters(time),
        cache=Cache(now=time),
    )
    policies = compile_policies(files, files.named_values(values), services)
    return Gateway(Api("qjobs", "Quantum jobs", "quantum"), policies)


@asynccontextmanager
async def opened(
    values: Mapping[str, str] = {}, *, consumption: bool = False
) -> AsyncIterator[Door]:
    """Open a gateway with other named values."""
    backend, time = Backend(), Time()
    app = gateway(backend, time, {**VALUES, **values}, consumption=consumption)
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.example.com") as client:
        yield Door(client, backend, time)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Return a gateway of its own."""
    async with opened() as one:
        yield one
