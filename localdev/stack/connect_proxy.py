"""An HTTP CONNECT proxy that gives servers on this machine the names they have on Azure.

It is a forward proxy for TLS: a client with its address in HTTPS_PROXY asks it for
`management.azure.com:443` and is connected to the server on this machine that has the name. The
client needs no other configuration, and checks the certificate of that name. A name that no server
has is refused and logged, so that nothing reaches the real Azure.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from azure_quantum_emulator.serving.http_server import (
    HOST,
    add_server_arguments,
    listening,
    on_signals,
    run_server,
)
from azure_quantum_emulator.serving.ready_file import announce
from localdev.terminal.arguments import pair

_REQUEST = re.compile(rb"CONNECT ([A-Za-z0-9.-]+):443 HTTP/1\.1\r\n")
_PATIENCE = 10.0
"""Seconds for a client's request, and for a server to take the connection."""
_CHUNK = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectProxy:
    """Connects clients to servers of this machine by names of Azure."""

    ports: Mapping[str, int]
    """By name, in lower case."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client, until both sides have closed the connection."""
        with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_PATIENCE):
                far = await self._connect(reader, writer)
            if far is not None:
                async with asyncio.TaskGroup() as both:
                    both.create_task(_copy(reader, far[1]))
                    both.create_task(_copy(far[0], writer))
                far[1].close()
        writer.close()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return the connection that the client asks for, or None, of which it has been told."""
        port = self._port(await reader.readuntil(b"\r\n\r\n"))
        if port is None:
            await _answer(writer, "403 Forbidden")
            return None
        try:
            far = await asyncio.open_connection(HOST, port)
        except OSError:
            await _answer(writer, "502 Bad Gateway")
            return None
        await _answer(writer, "200 Connection established")
        return far

    def _port(self, head: bytes) -> int | None:
        match = _REQUEST.match(head)
        name = match[1].decode().lower() if match else None
        port = self.ports.get(name) if name else None
        if port is None:
            line = head.partition(b"\r\n")[0].decode("ascii", "replace")
            _log.warning("Refused %s: no server of this machine has that name", name or line)
        return port


async def _answer(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
    await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what one side says, and then that it has nothing more to say."""
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        if not writer.is_closing():
            writer.write_eof()
    except (OSError, RuntimeError):  # uvloop's word for a connection that is closed already
        writer.close()


async def _run(arguments: argparse.Namespace) -> None:
    proxy = ConnectProxy({name.lower(): int(port) for name, port in arguments.name})
    stopping = asyncio.Event()
    on_signals(lambda _: stopping.set())
    with listening(arguments.port) as listener:
        server = await asyncio.start_server(proxy.serve, sock=listener.socket)
        announce(arguments.ready_file, {"url": listener.url}, f"The proxy is at {listener.url}")
        await stopping.wait()
        server.close()
        server.close_clients()


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m localdev.stack.connect_proxy", description=__doc__
    )
    parser.add_argument(
        "--name",
        type=pair,
        action="append",
        default=[],
        metavar="HOST=PORT",
        help="a host name, and the port at 127.0.0.1 of the server that has it; repeatable",
    )
    add_server_arguments(parser)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return run_server("The proxy", _run(parser.parse_args()), ValueError)


if __name__ == "__main__":
    sys.exit(main())
