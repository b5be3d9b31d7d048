"""Start accepted jobs."""

from __future__ import annotations

import azure.functions as func

from functions.queue_messages import STORAGE, message_of
from qjobs.bootstrap import services
from qjobs.domain.messages import Kind

bp = func.Blueprint()


@bp.function_name("dispatch")
@bp.queue_trigger(arg_name="msg", queue_name=Kind.DISPATCH.value, connection=STORAGE)
async def dispatch(msg: func.QueueMessage) -> None:
    """Work on one message."""
    await services().dispatch(message_of(msg))
