"""An issuer's metadata over HTTP, in the process of the test, with what was asked of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Published:
    """The metadata of an issuer; a test may change it while the server runs."""

    issuer: str
    keys: list[dict[str, Any]]
    url: str = ""
    """Of the metadata."""
    status: int = 200
    without: str = ""
    """A member that the metadata lacks."""
    asked: list[str] = field(default_factory=list)
    """The paths of all requests."""

    async def answer_metadata(self, request: web.Request) -> web.Response:
        """Answer with the metadata."""
        self.asked.append(request.path)
        document = {"issuer": self.issuer, "jwks_uri": str(request.url.with_path("/keys"))}
        document.pop(self.without, None)
        return web.json_response(document, status=self.status)

    async def answer_keys(self, request: web.Request) -> web.Response:
        """Answer with the keys."""
        self.asked.append(request.path)
        return web.json_response({"keys": self.keys})


@contextlib.asynccontextmanager
async def publishing(issuer: str, key: dict[str, Any]) -> AsyncIterator[Published]:
    """Publish the name of an issuer, as its tokens have it, and its public key."""
    published = Published(issuer, [key])
    app = web.Application()
    app.router.add_get("/metadata", published.answer_metadata)
    app.router.add_get("/keys", published.answer_keys)
    async with TestServer(app) as server:
        published.url = str(server.make_url("/metadata"))
        yield published
