"""The liveness probe of an instance."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import open_endpoint
from functions.rendering import json_response

bp = func.Blueprint()


@bp.function_name("health")
@bp.route(route="health", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
@open_endpoint
async def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the trigger
    """Respond without touching anything: a probe must not wake storage or a provider."""
    return json_response({"status": "Healthy"})
