"""Queue listener: polls one queue by the rules of the storage queues extension.

A receive hides its messages for ten minutes; the lease is renewed while a function runs, so only
the messages of a host that died come back by themselves. A failure makes a message visible again
after `visibilityTimeout`; the last one moves it to the poison queue. What storage refuses ends the
host; what a receive survives is in `_survived`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError, ServiceResponseTimeoutError
from azure.storage.queue import QueueMessage, StorageErrorCode
from azure.storage.queue.aio import QueueClient
from azure_functions_runtime.bindings.datumdef import Datum

from localdev.host import lease
from localdev.host.configuration import QueueOptions
from localdev.host.polling import next_poll
from localdev.host.queues import Queues
from localdev.host.worker import InvocationError, text

_log = logging.getLogger(__name__)
_POISON = "-poison"
_LONGEST_NAME = 63
"""Characters of a queue's name."""

type Run = Callable[[Datum, dict[str, Datum]], Coroutine[Any, Any, object]]
"""Invokes the function with a message and its metadata; raises InvocationError if it fails."""


def poison_queue(queue: str) -> str | None:
    """Return the name of a queue's poison queue; None for a poison queue itself."""
    name = queue + _POISON
    return None if queue.endswith(_POISON) or len(name) > _LONGEST_NAME else name


@dataclass
class QueueListener:
    """Receives messages of a queue in batches, and runs the function for each."""

    queues: Queues
    connection: str
    queue: str
    options: QueueOptions
    run: Run
    fail: lease.Fail
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a message is done with, and when it is time to stop."""
    _stopping: bool = False

    async def listen(self) -> None:
        """Receive messages until `stop`, then wait for the functions that still run.

        Raises:
            AzureError: storage is in trouble that a listener does not survive.

        """
        wakeup = self.queues.wakeup(self._client)
        empty = 0
        while not self._stopping:
            if len(self._tasks) > self.options.new_batch_threshold:
                self._changed.clear()
                await self._changed.wait()
                continue
            # Cleared before the look: a message poisoned during it rings for the next one.
            wakeup.clear()
            messages = await self._receive()
            for message in messages:
                task = asyncio.create_task(self._work(message))
                self._tasks.add(task)
                task.add_done_callback(self._done)
            empty = 0 if messages else empty + 1
            pause = next_poll(empty, self.options.max_polling_interval, random.random())  # noqa: S311 - no secret
            if pause and not self._stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(wakeup.wait(), pause)
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def stop(self) -> None:
        """Make `listen` end.

        A receive under way is waited for: cut off, it would leave its messages hidden.
        """
        self._stopping = True
        self._changed.set()
        self.queues.wakeup(self._client).set()

    @cached_property
    def _client(self) -> QueueClient:
        return self.queues.client(self.connection, self.queue)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.fail(error)

    async def _receive(self) -> list[QueueMessage]:
        try:
            pages = self._client.receive_messages(
                messages_per_page=self.options.batch_size,
                max_messages=self.options.batch_size,
                visibility_timeout=lease.SECONDS,
            )
            return [message async for message in pages]
        except AzureError as error:
            if _survived(error):
                return []
            raise

    async def _work(self, message: QueueMessage) -> None:
        poison = poison_queue(self.queue)
        try:
            carried = self.queues.decode(message.content)
        except ValueError:
            await self._poison(message)  # another attempt would not read it either
            return
        if (message.dequeue_count or 1) > self.options.max_dequeue_count and poison is not None:
            await self._poison(message)
            return
        try:
            async with lease.renewing(self._client, message, self.fail):
                await self.run(_text_of(carried), _metadata(carried, message))
        except InvocationError:
            await self._failed(message)
        else:
            await self._settle(self._client.delete_message(message))

    async def _failed(self, message: QueueMessage) -> None:
        if (message.dequeue_count or 1) >= self.options.max_dequeue_count:
            await self._poison(message)
        elif poison_queue(self.queue) is not None:
            seconds = int(self.options.visibility_timeout)
            await self._settle(self._client.update_message(message, visibility_timeout=seconds))
        # Else it stays hidden until its lease ends: nothing would stop it from failing on and on.

    async def _poison(self, message: QueueMessage) -> None:
        poison = poison_queue(self.queue)
        if poison is None:
            return
        _log.error("Message %s of %s moves to %s", message.id, self.queue, poison)
        client = self.queues.client(self.connection, poison)
        await self.queues.copy(client, message.content)
        self.queues.wakeup(client).set()
        await self._settle(self._client.delete_message(message))

    async def _settle(self, request: Awaitable[object]) -> None:
        """Delete or release a message, unless it is gone or another receiver's by now."""
        try:
            await request
        except HttpResponseError as error:
            if not lease.is_lost(error):
                raise


def _survived(error: AzureError) -> bool:
    """Tell whether a listener goes on after such a failure of a receive."""
    if isinstance(error, HttpResponseError):
        code = getattr(error, "error_code", None)
        missing = {StorageErrorCode.QUEUE_NOT_FOUND, StorageErrorCode.QUEUE_BEING_DELETED}
        return code in missing or (error.status_code or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, ServiceResponseTimeoutError)


def _text_of(carried: bytes) -> Datum:
    try:
        return text(carried.decode())
    except UnicodeDecodeError as error:
        raise InvocationError("the message is no text") from error


def _metadata(carried: bytes, message: QueueMessage) -> dict[str, Datum]:
    times = {
        "InsertionTime": message.inserted_on,
        "ExpirationTime": message.expires_on,
        "NextVisibleTime": message.next_visible_on,
    }
    return {
        "QueueTrigger": text(carried.decode(errors="replace")),
        "Id": text(message.id),
        "PopReceipt": text(message.pop_receipt or ""),
        "DequeueCount": Datum(str(message.dequeue_count or 1), "json"),
        **{
            name: Datum(json.dumps(moment.isoformat()), "json")
            for name, moment in times.items()
            if moment is not None
        },
    }
