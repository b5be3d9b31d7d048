"""How long the clients of the host try while storage is in trouble, before that ends the host."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest
from azure.core.exceptions import AzureError
from azure.storage.queue.aio import QueueServiceClient

from azure_quantum_emulator.supervision.azurite import connection_string
from localdev.host.connections import DEFAULT, Connections
from tests.integration.functions_host.virtual_time import run

TRIES = 6
SHORTEST, LONGEST = 22.0, 28.0
"""Seconds: 25.1 were recorded for a refused connection, 27.7 for a broken one, 22 to 25 for 5xx."""


class Server:
    """A server that has one response for every request, or closes the connection without any."""

    def __init__(self, response: bytes) -> None:
        self.response = response
        self.asked: list[float] = []
        """When, in the seconds of the loop."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            self.asked.append(asyncio.get_running_loop().time())
            writer.write(self.response)
            await writer.drain()
        writer.close()


async def give_up(port: int) -> float:
    """Delete a message at a port where that fails; return the seconds until it is given up."""
    loop, connections = asyncio.get_running_loop(), Connections()
    began = loop.time()
    client = connections.service(DEFAULT, QueueServiceClient).get_queue_client("in")
    with pytest.raises(AzureError):
        await client.delete_message("message", "receipt")
    await connections.close()
    assert f":{port}/" in client.url
    return loop.time() - began


def set_storage(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Have the default connection lead to a port."""
    monkeypatch.setenv(DEFAULT, connection_string((port, port, port)))


@pytest.mark.parametrize("status", [b"503 Server Busy", b""])
def test_trouble_is_tried_again_as_often_as_by_the_functions_host(
    monkeypatch: pytest.MonkeyPatch, status: bytes
) -> None:
    """Six times within half a minute, whether storage is busy or breaks connections."""
    head = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    server = Server(head % status if status else b"")

    async def played() -> float:
        started = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        async with started:
            port = started.sockets[0].getsockname()[1]
            set_storage(monkeypatch, port)
            return await give_up(port)

    assert SHORTEST < run(played()) < LONGEST
    # What breaks is sent again at once by the HTTP library itself.
    assert len(set(server.asked)) == TRIES


def test_a_refused_connection_is_tried_again_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage account that is gone for less than 20 seconds ends no host."""
    with socket.socket() as bound:  # and not listening
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        set_storage(monkeypatch, port)
        assert SHORTEST < run(give_up(port)) < LONGEST
