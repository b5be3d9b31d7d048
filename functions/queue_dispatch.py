"""The trigger of the dispatch queue: starts accepted jobs."""

from __future__ import annotations

import azure.functions as func

from functions.queue_messages import STORAGE, message_of
from qjobs.bootstrap import services
from qjobs.domain.messages import Queue

bp = func.Blueprint()


@bp.function_name("dispatch")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.DISPATCH.value, connection=STORAGE)
async def dispatch(msg: func.QueueMessage) -> None:
    """Process one message."""
    await services().dispatch(message_of(msg))
