"""A line to a server that loses what is sent, or is cut: connections break, none is accepted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class CuttableLine:
    """A port of loopback that leads to another one."""

    behind: int
    port: int = 0
    losing: bool = False
    """Whether what is sent gets lost, as on a line that is dead before anybody notices it."""
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def mend(self) -> None:
        """Accept connections, on the same port as before, and lose nothing."""
        self.losing = False
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.behind)
        ends = {writer, there_writer}
        self._writers |= ends
        try:
            await asyncio.gather(self._copy(reader, there_writer), self._copy(there_reader, writer))
        finally:
            self._writers -= ends

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(2**16):
                if not self.losing:
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def cuttable_line(behind: int) -> AsyncIterator[CuttableLine]:
    """Lay a line to a port of loopback."""
    line = CuttableLine(behind)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()
