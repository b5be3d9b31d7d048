"""The policies of `apim/` as they are, in this process, before a backend that a test scripts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
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
from localdev.gateway.services import Services

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


@dataclass
class Backend:
    """A scripted backend that records the requests it received."""

    answer: Callable[[Seen], Response | BackendError] = lambda _: Response(204)
    seen: list[Seen] = field(default_factory=list)

    async def send(self, context: Context, seconds: int) -> Response:
        """Answer a request."""
        assert seconds > 30
        request = context.request
        path = f"{request.url.path}{request.url.query_string}"
        seen = Seen(request.method, path, request.headers, request.body)
        self.seen.append(seen)
        answered = self.answer(seen)
        if isinstance(answered, BackendError):
            raise answered
        return answered


def answered(status: int, document: object, **headers: str) -> Response:
    """Return a JSON answer of the backend."""
    response = Response(status, body=json.dumps(document).encode())
    response.headers["Content-Type"] = "application/json"
    for name, value in headers.items():
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


def bearer(claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the header of a token with these claims."""
    return {"authorization": f"Bearer {json.dumps({'tid': TENANT, **claims})}"}


def gateway(
    backend: Backend,
    time: Time,
    values: Mapping[str, str] = VALUES,
    *,
    consumption: bool = False,
    **others: Backend,
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


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Return a gateway of its own."""
    backend, time = Backend(), Time()
    transport = httpx.ASGITransport(gateway(backend, time), client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.example.com") as client:
        yield Door(client, backend, time)
