"""Receivers of webhooks on loopback."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from tests.unit.adapters.webhook_receivers import (
    Handler,
    Receiver,
)


@pytest.fixture
async def receivers() -> AsyncIterator[Callable[..., Awaitable[Receiver]]]:
    """Return a function that starts a receiver of plain HTTP, or of TLS with a context."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler, tls: ssl.SSLContext | None = None) -> Receiver:
            receiver = Receiver(0)

            async def note(request: web.BaseRequest) -> web.StreamResponse:
                receiver.received.append(request)
                receiver.bodies.append(await request.read())
                return await handler(request)

            runner = web.ServerRunner(web.Server(note), shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
            await site.start()
            receiver.port = runner.addresses[0][1]
            return receiver

        yield start
