"""The listener of one queue, with the rules of the storage queues extension.

A receive hides its messages for ten minutes; the lease is renewed while a function runs, so only
the messages of a host that died come back by themselves. A failure makes a message visible again
after `visibilityTimeout`; the last one moves it to the poison queue.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host.configuration import QueueOptions
from localdev.host.queues import Queues
from localdev.host.worker import InvocationError, text

if TYPE_CHECKING:
    from azure.storage.queue import QueueMessage

_log = logging.getLogger(__name__)
_LEASE = 600
"""Seconds for which a received message is hidden from others."""
_SHORTEST_POLL = 0.1
_POISON = "-poison"

type Run = Callable[[Datum, dict[str, Datum]], Coroutine[Any, Any, None]]
"""Invokes the function with a message and its metadata; raises InvocationError if it fails."""


def next_poll(empty: int, longest: float, chance: float) -> float:
    """Return the pause after *empty* receives in a row that found nothing.

    It doubles from a tenth of a second to *longest*; *chance*, from 0 to 1, varies it by a fifth
    so that instances do not poll in step.
    """
    if empty == 0:
        return 0.0
    return min(_SHORTEST_POLL * 2.0 ** min(empty - 1, 30), longest) * (0.8 + 0.4 * chance)


@dataclass
class QueueListener:
    """Receives the messages of a queue in batches and runs the function for each."""

    queues: Queues
    connection: str
    queue: str
    options: QueueOptions
    run: Run
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self) -> None:
        """Receive until cancelled; what is being worked on then goes on, see `drain`."""
        bell = self.queues.bell(self.connection, self.queue)
        room = asyncio.Event()

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            room.set()

        empty = 0
        while True:
            while len(self._tasks) > self.options.new_batch_threshold:
                room.clear()
                await room.wait()
            # Cleared before the look: a message written during it rings for the next one.
            bell.clear()
            messages = await self._receive()
            empty = 0 if messages else empty + 1
            for message in messages:
                task = asyncio.create_task(self._work(message))
                self._tasks.add(task)
                task.add_done_callback(done)
            pause = next_poll(empty, self.options.max_polling_interval, random.random())  # noqa: S311 - no secret
            with suppress(TimeoutError):
                if pause:
                    await asyncio.wait_for(bell.wait(), pause)

    async def drain(self, seconds: float) -> None:
        """Wait for what is being worked on; what takes longer is left to its lease."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def _receive(self) -> list[QueueMessage]:
        client = self.queues.client(self.connection, self.queue)
        try:
            pages = client.receive_messages(
                messages_per_page=self.options.batch_size,
                max_messages=self.options.batch_size,
                visibility_timeout=_LEASE,
            )
            return [message async for message in pages]
        except ResourceNotFoundError:
            return []  # nobody has written to it yet
        except AzureError as error:
            _log.warning("Queue %s cannot be read: %s", self.queue, error)
            return []

    async def _work(self, message: QueueMessage) -> None:
        renewal = asyncio.create_task(self._renew(message))
        try:
            if (message.dequeue_count or 1) > self.options.max_dequeue_count:
                await self._poison(message)
                return
            try:
                content = self.queues.decode(message.content)
            except ValueError:
                await self._poison(message)  # another attempt would not read it either
                return
            try:
                await self.run(text(content), _metadata(self.queue, message))
            except InvocationError:
                renewal.cancel()
                await self._failed(message)
            else:
                renewal.cancel()
                await self._delete(message)
        except AzureError as error:
            # The lease ends some time, and the message comes back.
            _log.warning("A message of %s could not be settled: %s", self.queue, error)
        finally:
            renewal.cancel()

    async def _failed(self, message: QueueMessage) -> None:
        if (message.dequeue_count or 1) >= self.options.max_dequeue_count:
            await self._poison(message)
            return
        with _settled_by_others():
            await self.queues.client(self.connection, self.queue).update_message(
                message, visibility_timeout=round(self.options.visibility_timeout)
            )

    async def _poison(self, message: QueueMessage) -> None:
        if self.queue.endswith(_POISON):
            return  # it has no poison queue of its own and stays hidden until its lease ends
        poison = self.queue + _POISON
        _log.error("A message of %s moves to %s", self.queue, poison)
        await self.queues.copy(self.connection, poison, message.content)
        await self._delete(message)

    async def _delete(self, message: QueueMessage) -> None:
        with _settled_by_others():
            await self.queues.client(self.connection, self.queue).delete_message(message)

    async def _renew(self, message: QueueMessage) -> None:
        client = self.queues.client(self.connection, self.queue)
        while True:
            await asyncio.sleep(_LEASE / 2)
            with _settled_by_others():
                renewed = await client.update_message(message, visibility_timeout=_LEASE)
                message.pop_receipt = renewed.pop_receipt


@contextmanager
def _settled_by_others() -> Iterator[None]:
    """Let pass that a message is gone or leased to somebody else; that is for them to settle."""
    try:
        yield
    except ResourceNotFoundError:
        return
    except HttpResponseError as error:
        if "PopReceiptMismatch" not in str(error):
            raise


def _metadata(queue: str, message: QueueMessage) -> dict[str, Datum]:
    times = {
        "InsertionTime": message.inserted_on,
        "ExpirationTime": message.expires_on,
        "NextVisibleTime": message.next_visible_on,
    }
    return {
        "QueueTrigger": text(queue),
        "Id": text(message.id),
        "PopReceipt": text(message.pop_receipt or ""),
        "DequeueCount": Datum(str(message.dequeue_count or 1), "json"),
        **{
            name: Datum(json.dumps(moment.isoformat()), "json")
            for name, moment in times.items()
            if moment is not None
        },
    }
