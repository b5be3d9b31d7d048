"""The triggers of the work queues: jobs to dispatch, and jobs at the provider to track."""

from __future__ import annotations

import azure.functions as func

from qjobs.bootstrap import services
from qjobs.domain.messages import Message, Queue

STORAGE = "AzureWebJobsStorage"
"""The connection of every queue."""
bp = func.Blueprint()


@bp.function_name("dispatch")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.DISPATCH.value, connection=STORAGE)
async def dispatch(msg: func.QueueMessage) -> None:
    """Start the job of one message."""
    await services().dispatch(_message_of(msg))


@bp.function_name("track")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.TRACK.value, connection=STORAGE)
async def track(msg: func.QueueMessage) -> None:
    """Poll the job of one message at the provider."""
    await services().track(_message_of(msg))


def _message_of(msg: func.QueueMessage) -> Message:
    """Return the message; a repeated delivery counts as another attempt.

    Raises:
        ValueError: it is not of this format; the host moves it to the poison queue in the end.

    """
    message = Message.decode(msg.get_body().decode())
    return message.again() if (msg.dequeue_count or 1) > 1 else message
