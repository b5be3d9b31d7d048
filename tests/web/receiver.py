"""A receiver of webhooks: the server of somebody who uses the page."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook


@dataclass
class Receiver:
    """What has come, and the status that every request is answered with."""

    url: str
    status: int = 204
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def jobs(self) -> list[tuple[dict[str, str], bytes]]:
        """Return the requests that tell of a job."""
        return [one for one in self.received if b'"jobs/' in one[1]]

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """Return the events, of which each has to be signed with the secret."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.received]


@asynccontextmanager
async def receiving(port: int) -> AsyncIterator[Receiver]:
    """Run a receiver on a port of loopback."""
    path = f"/hook/{uuid.uuid4().hex}"
    receiver = Receiver(f"http://127.0.0.1:{port}{path}")

    async def take(request: web.BaseRequest) -> web.StreamResponse:
        if request.path != path:  # a late attempt of a test before
            return web.Response(status=410)
        receiver.received.append((dict(request.headers), await request.read()))
        return web.Response(status=receiver.status)

    runner = web.ServerRunner(web.Server(take), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        yield receiver
    finally:
        await runner.cleanup()
