"""The trigger of the track queue: polls jobs that are at the provider."""

from __future__ import annotations

import azure.functions as func

from functions.queue_messages import STORAGE, message_of
from qjobs.bootstrap import services
from qjobs.domain.messages import Queue

bp = func.Blueprint()


@bp.function_name("track")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.TRACK.value, connection=STORAGE)
async def track(msg: func.QueueMessage) -> None:
    """Process one message."""
    await services().track(message_of(msg))
