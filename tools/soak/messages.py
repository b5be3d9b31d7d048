"""Mischief with queue messages from outside: doubled, late, in another order."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from azure.core.exceptions import HttpResponseError
from azure.storage.queue import QueueClient, QueueServiceClient

OURS = "qjobs-"
"""The beginning of the names of the work queues."""
POISON = "-poison"
_MOST = 8
"""Messages of a queue that are touched at once."""
_LATEST = 12
"""Seconds that a copy is late at most."""
_FOR_EVER = -1


def work_queues(service: QueueServiceClient) -> Iterator[QueueClient]:
    """Yield the queues of the functions, without the poison queues."""
    for queue in service.list_queues(name_starts_with=OURS):
        if not queue.name.endswith(POISON):
            yield service.get_queue_client(queue.name)


def double(service: QueueServiceClient, random: Random) -> int:
    """Send a copy of some of the messages, half of them late; return how many."""
    sent = 0
    for queue in work_queues(service):
        for message in queue.peek_messages(max_messages=_MOST):
            if random.random() < 0.5:  # noqa: PLR2004 - half of them
                late = random.randint(1, _LATEST) if random.random() < 0.5 else 0  # noqa: PLR2004 - a share of the choices
                queue.send_message(message.content, visibility_timeout=late, time_to_live=_FOR_EVER)
                sent += 1
    return sent


def reorder(service: QueueServiceClient, random: Random) -> int:
    """Put messages back in another order, each a little later; return how many."""
    moved = 0
    for queue in work_queues(service):
        taken = list(queue.receive_messages(max_messages=_MOST, visibility_timeout=30))
        random.shuffle(taken)
        for message in taken:
            # In this order, so that none is lost if storage goes away in between.
            queue.send_message(
                message.content,
                visibility_timeout=random.randint(0, 3),
                time_to_live=_FOR_EVER,
            )
            _delete(queue, message.id, message.pop_receipt or "")
            moved += 1
    return moved


def _delete(queue: QueueClient, message: str, receipt: str) -> None:
    try:
        queue.delete_message(message, receipt)
    except HttpResponseError:
        return  # a host has it by now; then there are two
