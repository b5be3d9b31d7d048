"""A proxy in front of Azurite that counts requests, and loses answers of writes when told to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from aiohttp import web
from azure.storage.blob.aio import BlobServiceClient

from qjobs.adapters.storage import StorageAccount

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
_BLOBS = re.compile(r"BlobEndpoint=(http://[^/]+)")


@dataclass
class LossyProxy:
    """What the proxy does with the next requests."""

    azurite: httpx.AsyncClient
    lose: int = 0
    """Answers of writes that get lost after the write was done."""
    lost: list[str] = field(default_factory=list)
    """The writes whose answers were lost."""
    refused: frozenset[str] = frozenset()
    """Names of blobs of which nothing is told but 503."""
    seen: list[str] = field(default_factory=list)
    """Method and query of every request."""

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on, and its answer back unless that is to be lost."""
        self.seen.append(f"{request.method} {request.query_string}")
        if request.path.rpartition("/")[2] in self.refused:
            return web.Response(status=503)
        answer = await self.azurite.request(
            request.method,
            request.raw_path,
            headers={k: v for k, v in request.headers.items() if k.lower() not in _HOP},
            content=await request.read(),
        )
        if request.method in {"PUT", "DELETE"} and answer.is_success and self.lose > 0:
            self.lose -= 1
            self.lost.append(request.query_string)
            assert request.transport is not None
            request.transport.abort()
        headers = {k: v for k, v in answer.headers.items() if k.lower() not in _HOP}
        return web.Response(status=answer.status_code, headers=headers, body=answer.content)


@asynccontextmanager
async def lossy_proxy(connection_string: str) -> AsyncIterator[tuple[LossyProxy, StorageAccount]]:
    """Run a proxy; yields it with the account behind it, whose client repeats a request once."""
    found = _BLOBS.search(connection_string)
    assert found is not None
    async with httpx.AsyncClient(base_url=found[1], trust_env=False, timeout=60) as azurite:
        proxy = LossyProxy(azurite)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", proxy.pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = "http://{}:{}".format(*runner.addresses[0][:2])
        behind = connection_string.replace(found[1], address)
        account = StorageAccount(behind)
        # In the place of the account's own client, which may wait for long before it repeats.
        account.__dict__["blobs"] = BlobServiceClient.from_connection_string(
            behind, retry_total=1, initial_backoff=0, increment_base=0, random_jitter_range=0
        )
        try:
            yield proxy, account
        finally:
            await account.close()
            await runner.cleanup()
