"""A client of a channel: Microsoft's own for JavaScript, unmodified, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator_support.patience import PATIENCE

_PROGRAM = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True, slots=True)
class ChannelClient:
    """A client that is connected, or was refused."""

    process: asyncio.subprocess.Process

    async def next(self) -> dict[str, Any]:
        """Return the next thing that it hears of."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self.process.stdout.readline()
        document: dict[str, Any] = json.loads(line)
        return document

    async def message(self) -> Any:  # noqa: ANN401 - whatever was sent
        """Return the data of the next thing that it hears of, which is a message."""
        return (await self.next())["message"]


@asynccontextmanager
async def channel_client(
    url: str, environment: Mapping[str, str] | None = None, **more: object
) -> AsyncIterator[ChannelClient]:
    """Run a client that connects to an address."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    process = await asyncio.create_subprocess_exec(
        node,
        str(_PROGRAM),
        json.dumps({"url": url, **more}),
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        yield ChannelClient(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
