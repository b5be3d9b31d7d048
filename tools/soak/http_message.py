"""HTTP/1.1 messages on a connection: read whole, and written again with a length."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

_WITHOUT_BODY = (b" 204 ", b" 304 ")


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request or a response, with its whole body."""

    first_line: bytes
    headers: Sequence[tuple[bytes, bytes]]
    """Names as they were written."""
    body: bytes = b""
    framed: bool = True
    """Whether its length is written; not of a response that has no body by its kind."""

    @property
    def method(self) -> bytes:
        """The method of a request."""
        return self.first_line.partition(b" ")[0]

    @property
    def path(self) -> bytes:
        """The target of a request, without its query."""
        return self.first_line.split(b" ")[1].partition(b"?")[0]

    @property
    def status(self) -> int:
        """The status of a response."""
        return int(self.first_line.split(b" ")[1])

    def header(self, name: bytes) -> bytes:
        """Return the value of a header; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def with_body(self, body: bytes) -> HttpMessage:
        """Return the message with another body."""
        return replace(self, body=body) if self.framed else self

    def head(self) -> bytes:
        """Return everything before the body."""
        lines = [self.first_line, *(name + b": " + value for name, value in self.headers)]
        if self.framed:
            lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n"


async def read_request(reader: asyncio.StreamReader) -> HttpMessage | None:
    """Return the next request; None when the client has closed the connection.

    Raises:
        EOFError: the connection ends within it.

    """
    try:
        first_line, headers = await _head(reader)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    return await _with_body(reader, HttpMessage(first_line, headers))


async def read_response(reader: asyncio.StreamReader, *, to_head: bool) -> HttpMessage:
    """Return the next response.

    Args:
        reader: of the connection to the server
        to_head: whether it is to a HEAD request, so that its length is of a body that is not sent

    Raises:
        EOFError: the connection ends within it.

    """
    first_line, headers = await _head(reader)
    message = HttpMessage(first_line, headers)
    if to_head or any(mark in first_line + b" " for mark in _WITHOUT_BODY):
        return replace(message, framed=False)
    return await _with_body(reader, message)


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    first_line, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return first_line, [(name, value.strip()) for name, _, value in pairs]


async def _with_body(reader: asyncio.StreamReader, message: HttpMessage) -> HttpMessage:
    if message.header(b"transfer-encoding").lower() == b"chunked":
        body = b"".join([chunk async for chunk in _chunks(reader)])
    else:
        body = await reader.readexactly(int(message.header(b"content-length") or 0))
    framing = {b"transfer-encoding", b"content-length"}
    kept = [(name, value) for name, value in message.headers if name.lower() not in framing]
    return replace(message, headers=kept, body=body)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
