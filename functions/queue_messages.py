"""Queue messages as the Functions host delivers them."""

from __future__ import annotations

import azure.functions as func

from qjobs.domain.messages import Message

STORAGE = "AzureWebJobsStorage"
"""The connection of every queue."""


def message_of(msg: func.QueueMessage) -> Message:
    """Return the message; a repeated delivery counts as another attempt.

    Raises:
        ValueError: it is none of ours; the host moves it to the poison queue in the end.

    """
    message = Message.decode(msg.get_body().decode())
    return message.again() if (msg.dequeue_count or 1) > 1 else message
