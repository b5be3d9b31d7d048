"""Lease of a received queue message: other receivers do not see it while a function runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

type Fail = Callable[[BaseException], None]
"""Ends the host because of an error."""

SECONDS = 600
"""How long a receive hides its messages."""


@asynccontextmanager
async def renewing(
    client: QueueClient, message: QueueMessage, fail: Fail, every: float = SECONDS / 2
) -> AsyncIterator[None]:
    """Renew the lease of a message while an `async with` block runs.

    Each renewal changes the receipt with which the message is deleted, so the block ends only
    once a renewal under way has brought its receipt. A lost lease is not renewed again; what else
    storage refuses goes to *fail*.
    """
    done = asyncio.Event()
    task = asyncio.create_task(_renew(client, message, fail, every, done))
    try:
        yield
    finally:
        done.set()
        await task


def is_lost(error: AzureError) -> bool:
    """Tell whether a message was deleted, or is leased to another receiver by now."""
    return isinstance(error, ResourceNotFoundError) or "PopReceiptMismatch" in str(error)


async def _renew(
    client: QueueClient, message: QueueMessage, fail: Fail, every: float, done: asyncio.Event
) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), every)
            return
        try:
            renewed = await client.update_message(message, visibility_timeout=SECONDS)
        except AzureError as error:
            if not is_lost(error):
                fail(error)
            return
        message.pop_receipt = renewed.pop_receipt
