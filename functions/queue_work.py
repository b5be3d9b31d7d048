"""The triggers of the work queues: jobs to dispatch and to track, events to send, heartbeats."""

from __future__ import annotations

import azure.functions as func

from functions.requests import invocation
from qjobs.bootstrap import services
from qjobs.domain.delivery import DeliveryMessage
from qjobs.domain.heartbeat import Heartbeat, read_message
from qjobs.domain.messages import Message, Queue
from qjobs.services.attempt import Attempt

STORAGE = "AzureWebJobsStorage"
"""The connection of every queue."""
bp = func.Blueprint()


@bp.function_name("dispatch")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.DISPATCH.value, connection=STORAGE)
async def dispatch(msg: func.QueueMessage, context: func.Context) -> None:
    """Start the job of one message."""
    await _process(msg, context, services().dispatch)


@bp.function_name("track")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.TRACK.value, connection=STORAGE)
async def track(msg: func.QueueMessage, context: func.Context) -> None:
    """Poll the job of one message at the provider."""
    await _process(msg, context, services().track)


@bp.function_name("deliver")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.DELIVER.value, connection=STORAGE)
async def deliver(msg: func.QueueMessage, context: func.Context) -> None:
    """Send the event of one message to its webhook.

    Raises:
        ValueError: it is not of this format; the host moves it to the poison queue in the end.

    """
    message = read_message(msg.get_body().decode(), DeliveryMessage.decode)
    if isinstance(message, Heartbeat):
        await services().receive_heartbeat(message)
    else:
        await services().deliver(message, invocation(context))


async def _process(msg: func.QueueMessage, context: func.Context, attempt: Attempt) -> None:
    """Have *attempt* process the message of a job; at a repeated delivery, look for what is done.

    Raises:
        ValueError: it is not of this format; the host moves it to the poison queue in the end.

    """
    message = read_message(msg.get_body().decode(), Message.decode)
    if isinstance(message, Heartbeat):
        await services().receive_heartbeat(message)
    else:
        again = (msg.dequeue_count or 1) > 1
        await attempt(message.repeated() if again else message, invocation(context))
