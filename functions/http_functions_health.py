"""The route for the health of the functions behind the API: those of queues and timer."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import endpoint
from functions.rendering import json_response
from qjobs.bootstrap import services
from qjobs.domain.times import to_text

bp = func.Blueprint()


@bp.function_name("get_functions_health")
@bp.route(route="health/functions", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@endpoint
async def get_functions_health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the trigger
    """Respond with when each function last ran in each region."""
    beats = await services().functions_health()
    functions = [
        {"region": beat.region, "function": beat.function, "lastRun": to_text(beat.at)}
        for beat in beats
    ]
    return json_response({"status": "Healthy", "functions": functions})
