from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue.aio import QueueClient

from qjobs.adapters.storage import StorageAccount
from qjobs.adapters.storage_queue import StorageWorkQueue
from qjobs.domain.heartbeat import Heartbeat, read_message
from qjobs.domain.messages import Message, Queue
from qjobs.ports import Receipt


@pytest.fixture
def track_queue(account: StorageAccount) -> QueueClient:
    """Return the queue of messages to track jobs."""
    return account.queues.get_queue_client(Queue.TRACK)


async def received(queue: QueueClient) -> list[Message]:
    """Return the messages of jobs; hosts of other tests may have left heartbeats in the queue."""
    every = [read_message(one.content, Message.decode) async for one in queue.receive_messages()]
    return [one for one in every if isinstance(one, Message)]


async def test_a_sent_message_is_received_as_it_was(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """What the host will hand over decodes to the message that was sent."""
    sent = Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=3, attempt=1, visits=2)

    await StorageWorkQueue(account).send(sent)

    assert sent in await received(track_queue)


async def test_a_delayed_message_is_not_seen_before(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """A delay hides a message."""
    sent = Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=0)

    await StorageWorkQueue(account).send(sent, delay=3600)
    await StorageWorkQueue(account).send(replace(sent, step=1))

    seen = await received(track_queue)
    assert sent not in seen
    assert replace(sent, step=1) in seen


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
            kept[read_message(one.content, Message.decode)] = one.expires_on - one.inserted_on
    assert kept[beat] == Heartbeat.lifetime
    assert kept[job] > timedelta(days=365 * 1000)


async def test_a_message_that_is_taken_back_is_never_received(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """Hidden or visible, and that one alone; taking it back twice is no error."""
    queue, job_id = StorageWorkQueue(account), uuid.uuid4().hex
    kept = Message(Queue.TRACK, "owner", job_id, step=0)
    receipts = [
        await queue.send(replace(kept, step=step), delay) for step, delay in ((1, 0), (2, 1))
    ]
    await queue.send(kept)

    for receipt in [*receipts, *receipts]:
        await queue.delete(receipt)

    await asyncio.sleep(1.5)  # the second would be visible by now
    seen = await received(track_queue)
    assert [one.step for one in seen if one.job_id == job_id] == [0]


async def test_a_message_that_is_kept_hidden_is_not_received(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """As long as that is repeated; the last receipt takes it back, with its text unchanged."""
    queue, sent = StorageWorkQueue(account), Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=0)

    async def seen() -> list[Message]:
        return [one for one in await received(track_queue) if one.job_id == sent.job_id]

    receipt: Receipt | None = await queue.send(sent, 1)
    for _ in range(3):
        assert receipt is not None
        receipt = await queue.hide(receipt, 2)
    await asyncio.sleep(1.2)
    assert await seen() == []
    assert receipt is not None
    receipt = await queue.hide(receipt, 0)
    assert await seen() == [sent]

    assert receipt is not None
    assert await queue.hide(receipt, 5) is None


async def test_a_message_that_was_handed_out_is_not_taken_back(
    account: StorageAccount, track_queue: QueueClient
) -> None:
    """Who has received it works on it undisturbed, and may delete it at the end."""
    queue, sent = StorageWorkQueue(account), Message(Queue.TRACK, "owner", uuid.uuid4().hex, step=0)
    receipt = await queue.send(sent)
    handed_out = [
        one
        async for one in track_queue.receive_messages()
        if read_message(one.content, Message.decode) == sent
    ]

    await queue.delete(receipt)

    await track_queue.delete_message(handed_out[0])


async def test_the_head_of_a_queue_says_how_long_it_waits(account: StorageAccount) -> None:
    """The oldest visible message counts; hidden ones do not, nor does a queue that is not there."""
    queue, client = StorageWorkQueue(account), account.queues.get_queue_client(Queue.DISPATCH)
    with suppress(ResourceNotFoundError):
        await client.delete_queue()
    assert await queue.oldest(Queue.DISPATCH) is None
    message = Message(Queue.DISPATCH, "owner", uuid.uuid4().hex, step=0)
    await queue.send(message, delay=3600)
    assert await queue.oldest(Queue.DISPATCH) is None

    before = datetime.now(UTC) - timedelta(seconds=1)  # the service tells whole seconds
    await queue.send(message)
    between = datetime.now(UTC)
    await asyncio.sleep(1.1)
    await queue.send(message)

    head = await queue.oldest(Queue.DISPATCH)
    assert head is not None
    assert before <= head <= between
