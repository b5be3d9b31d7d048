"""Queues in memory with the part of the SDK's client that the host uses, in the loop's time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
    ServiceResponseTimeoutError,
)
from azure.storage.queue import StorageErrorCode

from localdev.host.queues import Queues

type Event = dict[str, Any]
_PAUSES = (0.8, 1.6, 3.2, 6.4, 12.8)
_CLIENT_TIMEOUT = 100
_TIME = datetime(2026, 11, 29, tzinfo=UTC)


@dataclass
class Message:
    """A message of a queue."""

    name: str
    content: str
    visible: float
    dequeue_count: int = 0
    receipt: int = 0


@dataclass
class Storage:
    """The queue service, and what was asked of it."""

    events: list[Event] = field(default_factory=list)
    queues: dict[str, list[Message]] = field(default_factory=dict)
    fault: Callable[[str, str], AzureError | None] = lambda _operation, _queue: None
    """What an operation on a queue fails with."""
    base: str = "$q"
    """The name of the queue that a recording calls $q."""
    _names: count[int] = field(default_factory=lambda: count(1))

    def now(self) -> float:
        """Return the time, in milliseconds since the start."""
        return asyncio.get_running_loop().time() * 1000

    def tell(self, do: str, **facts: object) -> None:
        """Write down an event."""
        if "queue" in facts:
            facts["queue"] = str(facts["queue"]).replace(self.base, "$q")
        self.events.append({"t": self.now(), "do": do, **facts})

    def put(self, queue: str, content: str, hidden: float = 0) -> Message:
        """Send a message as others do."""
        message = Message(f"m{next(self._names)}", content, self.now() + hidden)
        self.queues.setdefault(queue, []).append(message)
        return message

    def find(self, name: str) -> Message | None:
        """Return a message by its name."""
        return next((m for queue in self.queues.values() for m in queue if m.name == name), None)

    def remove(self, name: str) -> None:
        """Delete a message as others do."""
        for queue in self.queues.values():
            queue[:] = [message for message in queue if message.name != name]

    async def check(self, operation: str, queue: str) -> list[Message]:
        """Return the messages of a queue.

        Raises:
            AzureError: the operation fails.

        """
        # As the storage client does it: six tries, if that may help.
        for pause in (*_PAUSES, None):
            if (error := self.fault(operation, queue)) is None:
                break
            if isinstance(error, ServiceResponseTimeoutError):
                await asyncio.sleep(_CLIENT_TIMEOUT)
            refused = isinstance(error, HttpResponseError) and (error.status_code or 0) < 429
            if pause is None or refused:
                raise error
            await asyncio.sleep(pause)
        if queue not in self.queues:
            raise failure(404, StorageErrorCode.QUEUE_NOT_FOUND)
        return self.queues[queue]


class Client:
    """The client of a queue."""

    def __init__(self, storage: Storage, queue: str) -> None:
        self._storage = storage
        self._queue = queue
        self.url = f"http://storage/{queue}"

    async def receive_messages(
        self, *, messages_per_page: int, max_messages: int, visibility_timeout: int
    ) -> AsyncIterator[Any]:
        """Receive visible messages, and hide them."""
        assert messages_per_page == max_messages
        facts: Event = {"queue": self._queue, "asked": max_messages, "hide": visibility_timeout}
        try:
            messages = await self._storage.check("get", self._queue)
        except HttpResponseError as error:
            self._storage.tell("get", **facts, status=error.status_code)
            raise
        now = self._storage.now()
        taken = [message for message in messages if message.visible <= now][:max_messages]
        for message in taken:
            message.visible = now + visibility_timeout * 1000
            message.dequeue_count += 1
            message.receipt += 1
        got = [f"{message.name}#{message.dequeue_count}" for message in taken]
        self._storage.tell("get", **facts, got=got)
        for message in taken:
            yield SimpleNamespace(
                id=message.name,
                content=message.content,
                dequeue_count=message.dequeue_count,
                pop_receipt=str(message.receipt),
                inserted_on=_TIME,
                expires_on=_TIME,
                next_visible_on=_TIME,
            )

    async def update_message(self, given: Any, *, visibility_timeout: int) -> Any:  # noqa: ANN401 - as the SDK has it
        """Hide a message for another while."""
        message = await self._owned("update", given, hide=visibility_timeout)
        message.visible = self._storage.now() + visibility_timeout * 1000
        message.receipt += 1
        return SimpleNamespace(pop_receipt=str(message.receipt))

    async def delete_message(self, given: Any) -> None:  # noqa: ANN401 - as the SDK has it
        """Delete a message."""
        message = await self._owned("delete", given)
        self._storage.queues[self._queue].remove(message)

    async def send_message(self, content: str) -> None:
        """Send a message."""
        try:
            await self._storage.check("put", self._queue)
        except HttpResponseError as error:
            self._storage.tell("put", queue=self._queue, text=content, status=error.status_code)
            raise
        self._storage.put(self._queue, content)
        self._storage.tell("put", queue=self._queue, text=content)

    async def create_queue(self) -> None:
        """Create the queue."""
        self._storage.tell("create queue", queue=self._queue)
        if self._queue in self._storage.queues:
            raise ResourceExistsError
        self._storage.queues[self._queue] = []

    async def _owned(self, operation: str, given: Any, **facts: object) -> Message:  # noqa: ANN401 - as the SDK has it
        """Return the message that was received with this receipt.

        Raises:
            HttpResponseError: it is gone, or another's.

        """
        try:
            messages = await self._storage.check(operation, self._queue)
            message = next((one for one in messages if one.name == given.id), None)
            if message is None:
                raise failure(404, StorageErrorCode.MESSAGE_NOT_FOUND)
            if str(message.receipt) != given.pop_receipt:
                raise failure(400, StorageErrorCode.POP_RECEIPT_MISMATCH)
        except HttpResponseError as error:
            self._storage.tell(operation, m=given.id, **facts, status=error.status_code)
            raise
        self._storage.tell(operation, m=given.id, **facts)
        return message


class MemoryQueues(Queues):
    """The host's queues, in memory."""

    def __init__(self, storage: Storage, *, base64_texts: bool) -> None:
        super().__init__(None, base64_texts=base64_texts)  # type: ignore[arg-type]  # no connection
        self._storage = storage

    def client(self, connection: str, queue: str) -> Any:  # noqa: ANN401 - a client of the SDK's
        """Return the client of a queue."""
        del connection
        return Client(self._storage, queue)


def failure(status: int, code: StorageErrorCode | str) -> HttpResponseError:
    """Return what the SDK raises at an answer."""
    kind = ResourceNotFoundError if status == 404 else HttpResponseError
    error = kind(str(getattr(code, "value", code)))
    error.status_code = status
    error.error_code = code  # type: ignore[attr-defined]  # as the storage SDK does
    return error
