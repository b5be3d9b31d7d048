"""The receivers of webhooks in examples/ accept what the service sends, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emulator_support.patience import async_tries
from qjobs.adapters.webhook_sender import HttpWebhookSender
from qjobs.domain.webhook import secret_of
from qjobs.domain.webhook_request import WebhookRequest
from tests.integration.receiver_programs import csharp, go, java, javascript, python

SECRET, OLD, OTHER = (secret_of(b"m" * 32, "o", "1", generation) for generation in range(3))


def kind(line: bytes) -> str:
    """Return the type of the event in a line: a receiver prints that first, or the whole event."""
    return str(json.loads(line)["type"]) if line.startswith(b"{") else line.split()[0].decode()


@asynccontextmanager
async def receiver(command: list[str]) -> AsyncIterator[tuple[str, asyncio.StreamReader]]:
    """Run a receiver; yields its address and what it prints."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "PORT": str(port), "QJOBS_WEBHOOK_SECRET": SECRET},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async for _ in async_tries(0.05):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            writer.close()
            await writer.wait_closed()
            break
        assert process.stdout is not None
        yield f"127.0.0.1:{port}", process.stdout
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("command", [python, javascript, java, csharp, go])
async def test_a_receiver_takes_each_event_once_and_refuses_others(
    tmp_path: Path, command: Callable[[Path], list[str]]
) -> None:
    """Signed with its secret, alone or beside another, and at this time; all else is 401."""
    async with receiver(command(tmp_path)) as (place, printed):
        sender = HttpWebhookSender(frozenset({place}))

        async def status(event: str, *keys: str, minutes: int = 0) -> int | None:
            body = f'{{"id":"{event}","type":"{event}","data":{{}}}}'.encode()
            at = datetime.now(UTC) + timedelta(minutes=minutes)
            return (
                await sender.send(WebhookRequest(f"http://{place}/", event, at, body, keys))
            ).status

        assert await status("first", SECRET) == 204
        assert await status("first", SECRET) == 204
        assert await status("second", OTHER, SECRET) == 204
        assert await status("third", SECRET, OLD) == 204
        assert await status("foreign", OTHER) == 401
        assert await status("late", SECRET, minutes=-10) == 401
        assert await status("early", SECRET, minutes=10) == 401
        assert await status("last", SECRET) == 204
        await sender.close()
        told = [kind(await printed.readline()) for _ in range(4)]

    assert told == ["first", "second", "third", "last"]
