"""The trigger of the queue in which the workspace's storage announces outputs."""

from __future__ import annotations

import azure.functions as func

from functions.queue_work import STORAGE
from functions.requests import invocation
from qjobs.bootstrap import services
from qjobs.domain.heartbeat import Heartbeat, read_message
from qjobs.domain.messages import Queue

bp = func.Blueprint()


@bp.function_name("outputs")
@bp.queue_trigger(arg_name="msg", queue_name=Queue.OUTPUTS.value, connection=STORAGE)
async def outputs(msg: func.QueueMessage, context: func.Context) -> None:
    """Look at the job whose output is announced."""
    message = read_message(msg.get_body().decode(errors="replace"), str)
    if isinstance(message, Heartbeat):
        await services().receive_heartbeat(message)
    else:
        again = (msg.dequeue_count or 1) > 1
        await services().wake(message, invocation(context), again=again)
