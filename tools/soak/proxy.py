"""A reverse proxy for HTTP that injects faults into the requests that pass through it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.soak.faults import REFUSALS, Fault, FaultSource, refusal
from tools.soak.http_message import HttpMessage, read_request, read_response

HOST = "127.0.0.1"
_LONGEST_HEAD = 2**20
_A_JOB = re.compile(rb".*/jobs/[0-9a-f-]{36}")
_RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing sends a reset."""
_OK = 200
_PERIOD = 0.1
"""Seconds between two looks whether a silence is over."""


@dataclass(slots=True)
class _Upstream:
    """The connection to the server, made when it is needed; one for each client."""

    port: int
    _connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return the connection, a new one if the server has closed the last one."""
        if self._connection is None or self._connection[0].at_eof():
            self.close()
            self._connection = await asyncio.open_connection(HOST, self.port, limit=_LONGEST_HEAD)
        return self._connection

    def close(self) -> None:
        """Close it, if there is one."""
        if self._connection is not None:
            self._connection[1].close()


@dataclass(slots=True)
class FaultProxy:
    """Forwards requests to one server of this machine, which may be restarted meanwhile."""

    faults: FaultSource
    spared: bytes = b""
    """Jobs whose document has this in it are never said to be unknown."""
    upstream: int = 0
    """The port of the server."""
    renamed: Mapping[bytes, bytes] = field(default_factory=dict)
    """Addresses in bodies of responses, with what clients are told instead; undone in requests."""
    port: int = 0
    """Its own, once it is started."""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None] | None] = field(default_factory=set)
    """Without them a task would be collected that waits for the server, and whose client left."""

    async def start(self) -> None:
        """Listen at a free port."""
        self._server = await asyncio.start_server(self._serve, HOST, 0, limit=_LONGEST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and all connections."""
        if self._server is not None:
            self._server.close()
            self._server.close_clients()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, task = _Upstream(self.upstream), asyncio.current_task()
        self._tasks.add(task)
        try:
            while (request := await read_request(reader)) is not None:
                upstream.port = self.upstream
                await self._exchange(request, writer, upstream)
        except (OSError, ValueError, asyncio.LimitOverrunError):
            _reset(writer)
        except EOFError:
            pass  # an orderly end, but in the middle of a message
        finally:
            self._tasks.discard(task)
            writer.close()
            upstream.close()

    async def _exchange(
        self, request: HttpMessage, writer: asyncio.StreamWriter, upstream: _Upstream
    ) -> None:
        """Answer one request.

        Raises:
            OSError: the connection to the client has to be reset.
            EOFError: it has to be closed; what was sent before arrives.

        """
        fault = self.faults.draw()
        if fault is Fault.NOT_FOUND and not _asks_for_a_job(request):
            fault = None
        if fault is not None:
            self.faults.counts[fault] += 1
        if fault is Fault.RESET:
            raise ConnectionResetError
        if fault is Fault.SILENCE:
            while self.faults.outage is fault:  # noqa: ASYNC110 - another thread ends it
                await asyncio.sleep(_PERIOD)
            raise ConnectionResetError
        if fault is not None and fault is not Fault.NOT_FOUND and fault in REFUSALS:
            refused = refusal(fault)
            # The response to a HEAD ends with its head: a body would begin the next response.
            await _send(writer, refused.with_body(b"") if request.method == b"HEAD" else refused)
            return
        response = await self._forward(request, *await upstream.connected())
        if fault is Fault.NOT_FOUND and self._may_be_denied(response):
            response = refusal(fault)
        if fault is Fault.LOST_ANSWER:
            raise ConnectionResetError
        if fault is Fault.CUT_BODY:
            half = response.body[: len(response.body) // 2]
            writer.write(response.head() + half if half else b"")
            await writer.drain()
            raise EOFError
        await _send(writer, response)

    async def _forward(
        self, request: HttpMessage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> HttpMessage:
        body = request.body
        for true, told in self.renamed.items():
            body = body.replace(told, true)
        await _send(writer, request.with_body(body))
        response = await read_response(reader, to_head=request.method == b"HEAD")
        body = response.body
        for true, told in self.renamed.items():
            body = body.replace(true, told)
        return response.with_body(body)

    def _may_be_denied(self, response: HttpMessage) -> bool:
        return response.status == _OK and not (self.spared and self.spared in response.body)


def _asks_for_a_job(request: HttpMessage) -> bool:
    return request.method == b"GET" and _A_JOB.fullmatch(request.path) is not None


async def _send(writer: asyncio.StreamWriter, message: HttpMessage) -> None:
    writer.write(message.head() + message.body)
    await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Have the client see a reset, not an orderly end."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
