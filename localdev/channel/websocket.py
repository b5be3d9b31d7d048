"""WebSockets of clients: the JSON subprotocols of Azure Web PubSub, the reliable one too.

A client hears and says nothing but pings and acknowledgements: groups and events need roles, which
no token has here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from localdev.channel.connections import POLICY_VIOLATION, Connection, Connections
from localdev.channel.tokens import AccessKey, RefusedError

RELIABLE = "json.reliable.webpubsub.azure.v1"
SIMPLE = "json.webpubsub.azure.v1"
_PING_SECONDS = 20.0
"""Between the pings that show whether a line is still there."""
_FAREWELL_SECONDS = 2.0
"""For the client to answer a close frame."""


async def serve_client(
    request: web.Request, connections: Connections, key: AccessKey
) -> web.StreamResponse:
    """Serve the WebSocket of a client, with a new connection or one that is recovered.

    Raises:
        RefusedError: it has no valid token, or asks for another subprotocol.

    """
    hub = request.match_info["hub"]
    wanted = request.headers.get("Sec-WebSocket-Protocol", "")
    socket = web.WebSocketResponse(
        protocols=(RELIABLE, SIMPLE), heartbeat=_PING_SECONDS, timeout=_FAREWELL_SECONDS
    )
    offered = socket.can_prepare(request)
    if not offered.ok or offered.protocol is None:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"There is no subprotocol {wanted!r} here.")
    reliable = offered.protocol == RELIABLE
    connection: Connection | None
    if (known := request.query.get("awps_connection_id")) is not None:
        token = request.query.get("awps_reconnection_token", "")
        connection = connections.recoverable(hub, known, token)
    else:
        token = request.query.get("access_token", "")
        claims = key.check(token, request.host, request.path)
        connection = connections.open(hub, str(claims.get("sub") or ""), reliable=reliable)
    await socket.prepare(request)
    if connection is None:
        await socket.close(code=POLICY_VIOLATION, message=b"There is no such connection.")
        return socket
    await _serve(socket, connection, connections)
    return socket


async def _serve(
    socket: web.WebSocketResponse, connection: Connection, connections: Connections
) -> None:
    connections.attach(connection, socket)
    tasks: list[asyncio.Task[None]] = []
    try:
        with contextlib.suppress(ConnectionError):  # the reader sees the end too
            await socket.send_json(_connected(connection))
        tasks = [
            asyncio.create_task(_read(socket, connection)),
            asyncio.create_task(connection.write(socket)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        taken_over = connection.socket is not socket
        connections.detach(connection, socket, closed=socket.close_code == WSCloseCode.OK)
    with contextlib.suppress(ConnectionError):
        if connection.closed_for is not None:
            await socket.send_json(
                {"type": "system", "event": "disconnected", "message": connection.closed_for}
            )
        if connection.closed_for is not None or taken_over:
            reason = connection.closed_for or "Taken over."
            await socket.close(code=POLICY_VIOLATION, message=reason.encode())


async def _read(socket: web.WebSocketResponse, connection: Connection) -> None:
    with contextlib.suppress(ConnectionError):  # the line is cut; the client may come back
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                return
            await _receive(socket, connection, frame.data)


async def _receive(socket: web.WebSocketResponse, connection: Connection, text: str) -> None:
    message = _message(text)
    kind = message.get("type")
    if kind == "ping":
        await socket.send_json({"type": "pong"})
    elif kind == "sequenceAck" and isinstance(message.get("sequenceId"), int):
        connection.acknowledge(message["sequenceId"])
    elif "ackId" in message:
        await socket.send_json(
            {
                "type": "ack",
                "ackId": message["ackId"],
                "success": False,
                "error": {"name": "Forbidden", "message": f"The client has no role for {kind}."},
            }
        )
    else:
        connection.close("The message cannot be read, or needs a role.")


def _message(text: str) -> Mapping[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _connected(connection: Connection) -> Mapping[str, Any]:
    message = {
        "type": "system",
        "event": "connected",
        "userId": connection.user,
        "connectionId": connection.id,
    }
    if connection.reliable:
        message["reconnectionToken"] = connection.reconnection_token
    return message
