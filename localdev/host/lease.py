"""Lease of a received queue message: other receivers do not see it while a function runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

_log = logging.getLogger(__name__)

SECONDS = 600
"""How long a receive hides its messages."""


@asynccontextmanager
async def renewing(
    client: QueueClient, message: QueueMessage, every: float = SECONDS / 2
) -> AsyncIterator[None]:
    """Renew the lease of a message while an `async with` block runs.

    Each renewal changes the receipt with which the message is deleted, so the block ends only
    once a renewal under way has brought its receipt.
    """
    done = asyncio.Event()
    task = asyncio.create_task(_renew(client, message, every, done))
    try:
        yield
    finally:
        done.set()
        await task


@contextmanager
def ignoring_a_lost_lease() -> Iterator[None]:
    """Ignore that a message was deleted, or is leased to another receiver by now."""
    try:
        yield
    except ResourceNotFoundError:
        return
    except HttpResponseError as error:
        if "PopReceiptMismatch" not in str(error):
            raise


async def _renew(
    client: QueueClient, message: QueueMessage, every: float, done: asyncio.Event
) -> None:
    while True:
        try:
            await asyncio.wait_for(done.wait(), every)
        except TimeoutError:
            pass
        else:
            return
        try:
            with ignoring_a_lost_lease():
                renewed = await client.update_message(message, visibility_timeout=SECONDS)
                message.pop_receipt = renewed.pop_receipt
        except AzureError as error:
            _log.warning("The lease of message %s was not renewed: %s", message.id, error)
