"""The route of the targets of the workspace."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import endpoint
from functions.rendering import json_response, list_document
from qjobs.bootstrap import services

bp = func.Blueprint()


@bp.function_name("list_targets")
@bp.route(route="targets", methods=["GET"])
@endpoint
async def list_targets(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the trigger
    """Return the targets that jobs can run on, with their average queue times."""
    targets = [
        {
            "id": target.id,
            "provider": target.provider,
            "mode": target.mode,
            "qubits": target.qubits,
            "available": target.available,
            "averageQueueTime": target.queue_seconds,
        }
        for target in await services().list_targets()
    ]
    return json_response(list_document(targets))
