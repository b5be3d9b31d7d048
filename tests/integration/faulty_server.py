"""An HTTP server that is in trouble in one way or another, and counts what it is asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

from emulator_support.patience import PATIENCE


class Trouble(StrEnum):
    """The ways."""

    THROTTLED = "429 with a Retry-After of a day"
    UNAVAILABLE = "503"
    RESET = "the connection is reset after the request"
    SILENCE = "no response"
    HALF = "half of a body"
    EMPTY = "200 without the body that it should have"
    GIBBERISH = "200 with a body of another format"


_DAY = 86_400
_STATUS = {Trouble.THROTTLED: "429 Too Many Requests", Trouble.UNAVAILABLE: "503 Unavailable"}
_BODY = {Trouble.EMPTY: b"", Trouble.GIBBERISH: b"<html>down"}
_HEADERS = "Content-Type: application/json\r\nContent-Range: bytes 0-12/13\r\nETag: 1\r\n"


@dataclass
class FaultyServer:
    """Responds to every request in the same way."""

    trouble: Trouble
    tls: ssl.SSLContext | None = None
    requests: list[str] = field(default_factory=list)
    """The request lines."""
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    connections: list[socket.socket] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self) -> None:
        """Serve connections until the listener is closed."""
        threads = []
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threads.append(threading.Thread(target=self._serve, args=(connection,)))
                threads[-1].start()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.connections.append(connection)
            with connection, connection.makefile("rb") as stream:
                while (line := _request(stream)) is not None:
                    self.requests.append(line)
                    if not self._respond(connection, line):
                        return

    def _respond(self, connection: socket.socket, line: str) -> bool:
        """Respond, and return whether the connection stays open."""
        if self.trouble is Trouble.SILENCE:
            self.over.wait(PATIENCE)
            return False
        if self.trouble is Trouble.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        status = _STATUS.get(self.trouble, "200 OK")
        body = _BODY.get(self.trouble, b'{"value": []}')
        retry = f"Retry-After: {_DAY}\r\n" if self.trouble is Trouble.THROTTLED else ""
        sent = body[: len(body) // 2] if self.trouble is Trouble.HALF else body
        head = f"HTTP/1.1 {status}\r\n{_HEADERS}{retry}Content-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + (b"" if line.startswith("HEAD") else sent))
        return self.trouble is not Trouble.HALF


@contextmanager
def faulty_server(trouble: Trouble, tls: ssl.SSLContext | None = None) -> Iterator[FaultyServer]:
    """Run a server; what is still connected at the end is let go."""
    server = FaultyServer(trouble, tls)
    thread = threading.Thread(target=server.accept)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()


def _request(stream: BinaryIO) -> str | None:
    """Read a request, and return its first line; None at the end of the connection."""
    line = stream.readline().decode().strip()
    length = 0
    while header := stream.readline().decode().strip():
        name, _, value = header.partition(":")
        length = int(value) if name.lower() == "content-length" else length
    stream.read(length)
    return line or None
