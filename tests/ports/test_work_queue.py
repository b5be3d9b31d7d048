from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from azure.storage.queue.aio import QueueClient

from qjobs.adapters.storage import StorageAccount
from qjobs.adapters.storage_queue import StorageWorkQueue
from qjobs.domain.messages import Message, Queue


@pytest.fixture
def track_queue(account: StorageAccount) -> QueueClient:
    """Return the queue of messages to track jobs."""
    return account.queues.get_queue_client(Queue.TRACK)


async def test_a_sent_message_is_received_as_it_was(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """What the host will hand over decodes to the message that was sent."""
    sent = Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=3, attempt=1, visits=2)

    await StorageWorkQueue(account).send(sent)

    received = [Message.decode(one.content) async for one in track_queue.receive_messages()]
    assert sent in received


async def test_a_delayed_message_is_not_seen_before(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """A delay hides a message."""
    sent = Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=0)

    await StorageWorkQueue(account).send(sent, delay=3600)
    await StorageWorkQueue(account).send(replace(sent, step=1))

    received = [Message.decode(one.content) async for one in track_queue.receive_messages()]
    assert sent not in received
    assert replace(sent, step=1) in received
