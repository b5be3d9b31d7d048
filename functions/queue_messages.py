"""Messages as the host hands them over."""

from __future__ import annotations

import azure.functions as func

from qjobs.domain.messages import Message

STORAGE = "AzureWebJobsStorage"
"""The connection of every queue."""


def message_of(msg: func.QueueMessage) -> Message:
    """Return the message; one that was handed over before counts as another attempt.

    Raises:
        ValueError: it is none of ours; the host counts it and poisons it in the end.

    """
    message = Message.decode(msg.get_body().decode())
    return message.again() if (msg.dequeue_count or 1) > 1 else message
