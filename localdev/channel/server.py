"""Operations of Azure Web PubSub that the functions use, and the address of clients.

Source: Microsoft's reference of the data plane, version 2024-12-01.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from azure_quantum_emulator.serving.http_server import Listener, on_signals
from localdev.channel.connections import Connections
from localdev.channel.tokens import AccessKey, RefusedError
from localdev.channel.websocket import serve_client

_MOST_MINUTES = 1440
"""That a token of a client may last."""
_STOP_SECONDS = 1.0
"""How long the sockets of clients have to end when the server stops."""
_log = logging.getLogger(__name__)


class Services(Protocol):
    """Authorization of services that send messages and have tokens signed."""

    async def check(self, token: str, host: str, path: str) -> None:
        """Check the token of a request for an address.

        Raises:
            RefusedError: its sender is none of them.

        """


@dataclass(frozen=True, slots=True)
class _Operations:
    """Operations of services, and the connecting of clients."""

    services: Services
    key: AccessKey
    connections: Connections

    async def generate_token(self, request: web.Request) -> web.StreamResponse:
        """Return a token with which a client connects; it can give no roles and no groups."""
        await self._check(request)
        if "role" in request.query or "group" in request.query:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "There are no roles and no groups here.")
        minutes = request.query.get("minutesToExpire", "60")
        if not minutes.isdecimal() or not 1 <= int(minutes) <= _MOST_MINUTES:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"minutesToExpire is 1 to {_MOST_MINUTES}.")
        audience = f"{request.scheme}://{request.host}/client/hubs/{request.match_info['hub']}"
        token = self.key.sign(audience, request.query.get("userId"), int(minutes))
        return web.json_response({"token": token})

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send a message to all clients of a user, of whom there may be none."""
        await self._check(request)
        message = {"type": "message", "from": "server", **await _content(request)}
        for connection in self.connections.of(**request.match_info):
            connection.add(message)
        return web.Response(status=HTTPStatus.ACCEPTED)

    async def exists(self, request: web.Request) -> web.StreamResponse:
        """Tell whether a user has clients."""
        await self._check(request)
        found = self.connections.of(**request.match_info)
        return web.Response(status=HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)

    async def close(self, request: web.Request) -> web.StreamResponse:
        """Close the connections of a user."""
        await self._check(request)
        for connection in self.connections.of(**request.match_info):
            self.connections.close(connection, request.query.get("reason", ""))
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve a client."""
        return await serve_client(request, self.connections, self.key)

    async def _check(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "The request has no token.")
        await self.services.check(token, request.host, request.path)
        if not request.query.get("api-version"):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "api-version is missing.")


def application(services: Services, key: AccessKey, connections: Connections) -> web.Application:
    """Return the application.

    Args:
        services: those who may send messages
        key: signs the tokens of clients
        connections: of the clients

    """
    use = _Operations(services, key, connections)
    app = web.Application(middlewares=[_refusals])
    app.router.add_routes(
        [
            web.post("/api/hubs/{hub}/:generateToken", use.generate_token),
            web.post("/api/hubs/{hub}/users/{user}/:send", use.send),
            web.head("/api/hubs/{hub}/users/{user}", use.exists),
            web.post("/api/hubs/{hub}/users/{user}/:closeConnections", use.close),
            web.get("/client/hubs/{hub}", use.connect),
        ]
    )
    return app


async def serve(app: web.Application, listener: Listener, ready: Callable[[], None]) -> None:
    """Serve an application until SIGINT or SIGTERM.

    Args:
        app: the application
        listener: where it is served
        ready: called when requests are answered

    Raises:
        OSError: the certificate cannot be read.

    """
    context = None
    if listener.certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(listener.certificate.chain, listener.certificate.key)
    stopped = asyncio.Event()
    on_signals(lambda _: stopped.set())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listener.socket, ssl_context=context).start()
        ready()
        await stopped.wait()
    finally:
        await runner.cleanup()


@web.middleware
async def _refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusedError as error:
        _log.warning("%s %s was refused: %s", request.method, request.path, error)
        document = {"code": error.status.phrase, "message": str(error)}
        return web.json_response(document, status=error.status)


async def _content(request: web.Request) -> Mapping[str, Any]:
    text = await request.text()
    if request.content_type == "text/plain":
        return {"dataType": "text", "data": text}
    if request.content_type != "application/json":
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Only JSON and text are sent here.")
    try:
        return {"dataType": "json", "data": json.loads(text)}
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
