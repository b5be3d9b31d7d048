"""The triggers of the poison queues, for messages of jobs and deliveries that failed too often."""

from __future__ import annotations

import azure.functions as func

from functions.queue_work import STORAGE
from functions.requests import invocation
from qjobs.bootstrap import services
from qjobs.domain.messages import Queue

bp = func.Blueprint()


@bp.function_name("dispatch_poison")
@bp.queue_trigger(arg_name="msg", queue_name=f"{Queue.DISPATCH}-poison", connection=STORAGE)
async def dispatch_poison(msg: func.QueueMessage, context: func.Context) -> None:
    """Fail the job that could not be started."""
    text = msg.get_body().decode(errors="replace")
    await services().poison(text, invocation(context))


@bp.function_name("track_poison")
@bp.queue_trigger(arg_name="msg", queue_name=f"{Queue.TRACK}-poison", connection=STORAGE)
async def track_poison(msg: func.QueueMessage, context: func.Context) -> None:
    """Fail the job that could not be tracked."""
    text = msg.get_body().decode(errors="replace")
    await services().poison(text, invocation(context))


@bp.function_name("deliver_poison")
@bp.queue_trigger(arg_name="msg", queue_name=f"{Queue.DELIVER}-poison", connection=STORAGE)
async def deliver_poison(msg: func.QueueMessage) -> None:
    """Send the event that could not be sent later."""
    await services().revive_delivery(msg.get_body().decode(errors="replace"))
