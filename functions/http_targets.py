"""The route of the targets of the workspace."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import endpoint
from functions.rendering import json_response, list_document
from functions.target_documents import target_document
from qjobs.bootstrap import services

bp = func.Blueprint()


@bp.function_name("list_targets")
@bp.route(route="targets", methods=["GET"])
@endpoint
async def list_targets(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the trigger
    """Return the targets that jobs can run on, with queues and prices, and how old both are."""
    targets = await services().list_targets()
    return json_response(list_document([target_document(one) for one in targets]))
