"""Receivers of webhooks, names and addresses for the tests of what is sent to them."""

from __future__ import annotations

import base64
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from qjobs.adapters.webhook_sender import HttpWebhookSender
from qjobs.domain.webhook_request import WebhookRequest

BODY = b'{"data":{"jobId":"1"}}'
SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def request_for(url: str, *keys: str, at: datetime | None = None) -> WebhookRequest:
    """Return a request with the time of this machine."""
    return WebhookRequest(url, "event-1", at or datetime.now(UTC), BODY, keys or (SECRET,))


@dataclass
class Names(AbstractResolver):
    """A name server: each look-up of a name gets its next list of addresses."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the next addresses."""
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in addresses
        ]

    async def close(self) -> None:
        """There is nothing to close."""


@asynccontextmanager
async def sender(
    *allowed: str, resolver: AbstractResolver | None = None
) -> AsyncIterator[HttpWebhookSender]:
    """Give a sender, and close it."""
    made = (
        HttpWebhookSender(frozenset(allowed), resolver)
        if resolver
        else HttpWebhookSender(frozenset(allowed))
    )
    yield made
    await made.close()


@dataclass
class Receiver:
    """A receiver with what it received, and where it is."""

    port: int
    received: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def place(self) -> str:
        """As the setting allows it."""
        return f"127.0.0.1:{self.port}"


type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def answer(status: int, **headers: str) -> Handler:
    """Return a handler that answers with a status."""

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return handle


@contextmanager
def listening(*hosts: str, port: int = 0) -> Iterator[tuple[int, list[socket.socket]]]:
    """Listen on one port of some addresses, and give those sockets."""
    sockets: list[socket.socket] = []
    for host in hosts:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sockets.append(socket.create_server((host, port), family=family))
        port = sockets[-1].getsockname()[1]
    try:
        yield port, sockets
    finally:
        for one in sockets:
            one.close()


def connections(sockets: list[socket.socket]) -> int:
    """Return how many connections wait to be accepted."""
    number = 0
    for one in sockets:
        one.settimeout(0)
        try:
            while True:
                one.accept()[0].close()
                number += 1
        except BlockingIOError:
            pass
    return number
