"""The trigger of the queue in which the workspace's storage announces outputs."""

from __future__ import annotations

import azure.functions as func

from functions.queue_work import STORAGE
from qjobs.bootstrap import services
from qjobs.domain.output_event import QUEUE

bp = func.Blueprint()


@bp.function_name("outputs")
@bp.queue_trigger(arg_name="msg", queue_name=QUEUE, connection=STORAGE)
async def outputs(msg: func.QueueMessage) -> None:
    """Look at the job whose output is announced."""
    await services().wake(msg.get_body().decode(errors="replace"))
