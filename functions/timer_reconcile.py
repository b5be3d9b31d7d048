"""The timer of reconciliation: finds lost jobs and expired ones, and sends heartbeats."""

from __future__ import annotations

from contextlib import AsyncExitStack

import azure.functions as func

from qjobs.bootstrap import services

bp = func.Blueprint()


@bp.function_name("reconcile")
@bp.timer_trigger(arg_name="timer", schedule="%QJOBS_RECONCILE_SCHEDULE%", run_on_startup=False)
async def reconcile(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the trigger
    """Send overdue messages again, delete what has expired, count what is left, send heartbeats.

    None of it waits for the others to succeed.
    """
    async with AsyncExitStack() as work:
        # The last one that is pushed comes first.
        work.push_async_callback(services().send_heartbeats)
        work.push_async_callback(services().sweep_deliveries)
        work.push_async_callback(services().measure)
        work.push_async_callback(services().sweep)
        work.push_async_callback(services().reconcile)
