"""The CONNECT proxy when one side closes its connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvloop

from localdev.stack.connect_proxy import ConnectProxy

NAME = "management.azure.com"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER without a wait: closing resets the connection."""


@contextlib.asynccontextmanager
async def way_to(far: Callable[..., Any]) -> AsyncIterator[tuple[int, list[dict[str, Any]]]]:
    """Serve *far* behind a name; yields the port of the way there, and what went unhandled."""
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    server = await asyncio.start_server(far, "127.0.0.1", 0)
    proxy = ConnectProxy({NAME: server.sockets[0].getsockname()[1]})
    way = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server, way:
        yield way.sockets[0].getsockname()[1], unhandled
        await asyncio.sleep(0.1)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection to the server behind the name."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {NAME}:443 HTTP/1.1\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    return reader, writer


def reset(writer: asyncio.StreamWriter) -> None:
    """Close a connection as a process that dies does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


def test_what_one_side_says_the_other_hears() -> None:
    """Both ways, and to the end."""

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read()).upper())
        writer.close()

    async def scenario() -> None:
        async with way_to(shout) as (port, unhandled):
            reader, writer = await connect(port)
            writer.write(b"hello" * 100_000)
            writer.write_eof()
            assert await reader.read() == b"HELLO" * 100_000
            writer.close()
        assert unhandled == []

    uvloop.run(scenario())


@pytest.mark.parametrize("dies", ["server", "server while it is sent to", "client"])
def test_a_side_that_dies_takes_only_its_connection_along(dies: str) -> None:
    """The other side is told, nothing goes unhandled, and the next client is served."""

    async def far(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        if dies.startswith("server"):
            reset(writer)
            return
        with contextlib.suppress(OSError):
            while True:
                writer.write(b"x" * 100_000)
                await writer.drain()

    async def scenario() -> None:
        async with way_to(far) as (port, unhandled):
            for _ in range(3):
                reader, writer = await connect(port)
                writer.write(b"hello" * (100_000 if "sent" in dies else 1))
                if dies == "client":
                    await reader.read(10)
                    reset(writer)
                else:
                    with contextlib.suppress(ConnectionError):
                        assert await reader.read() == b""
                    writer.close()
        assert unhandled == []

    uvloop.run(scenario())
