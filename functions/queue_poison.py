"""End the jobs of messages that were tried too often."""

from __future__ import annotations

import azure.functions as func

from functions.queue_messages import STORAGE
from qjobs.bootstrap import services
from qjobs.domain.messages import Kind

bp = func.Blueprint()


@bp.function_name("dispatch_poison")
@bp.queue_trigger(arg_name="msg", queue_name=f"{Kind.DISPATCH}-poison", connection=STORAGE)
async def dispatch_poison(msg: func.QueueMessage) -> None:
    """Fail the job that could not be started."""
    await services().poison(msg.get_body().decode(errors="replace"))


@bp.function_name("track_poison")
@bp.queue_trigger(arg_name="msg", queue_name=f"{Kind.TRACK}-poison", connection=STORAGE)
async def track_poison(msg: func.QueueMessage) -> None:
    """Fail the job that could not be followed."""
    await services().poison(msg.get_body().decode(errors="replace"))
