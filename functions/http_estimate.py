"""The route of estimates: a job's circuits, cost and wait, before it is submitted."""

from __future__ import annotations

import azure.functions as func

from functions.caller import owner_of
from functions.endpoint import endpoint
from functions.estimate_document import estimate_document
from functions.rendering import json_response
from functions.requests import json_body
from qjobs.bootstrap import services

bp = func.Blueprint()


@bp.function_name("estimate_job")
@bp.route(route="algorithms/{algorithm}/estimate", methods=["POST"])
@endpoint
async def estimate_job(req: func.HttpRequest) -> func.HttpResponse:
    """Return the estimate of the job that the same body would submit."""
    use, owner = services(), owner_of(req)
    async with use.estimates(owner):
        body = json_body(req, use.settings.largest_body)
        estimate = await use.estimate(owner, req.route_params["algorithm"], body)
    return json_response(estimate_document(estimate))
