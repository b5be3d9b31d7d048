from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.storage.queue.aio import QueueClient

from qjobs.adapters.storage import StorageAccount
from qjobs.adapters.storage_queue import StorageWorkQueue
from qjobs.domain.heartbeat import Heartbeat, read_message
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


@pytest.mark.parametrize("delay", [0.0, 5.0])
async def test_a_heartbeat_expires_and_a_job_does_not(
    account: StorageAccount, track_queue: QueueClient, delay: float
) -> None:
    """A queue that nobody reads keeps what belongs to jobs, and forgets heartbeats."""
    beat = Heartbeat(Queue.TRACK, uuid.uuid4().hex)
    job = Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=0)
    queue = StorageWorkQueue(account)

    await queue.send(beat, delay)
    await queue.send(job, delay)

    kept: dict[Message | Heartbeat, timedelta] = {}
    while not {beat, job} <= kept.keys():
        async for one in track_queue.receive_messages():
            assert one.expires_on
            assert one.inserted_on
            kept[read_message(one.content)] = one.expires_on - one.inserted_on
    assert kept[beat] == Heartbeat.lifetime
    assert kept[job] > timedelta(days=365 * 1000)
