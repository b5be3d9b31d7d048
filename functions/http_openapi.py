"""The route of the contract, an OpenAPI document with an operation for each algorithm."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import endpoint
from functions.openapi_document import openapi_document
from functions.rendering import json_response
from functions.requests import base_url

bp = func.Blueprint()
_CACHE = {"Cache-Control": "public, max-age=300"}


@bp.function_name("get_openapi")
@bp.route(route="openapi.json", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
@endpoint
async def get_openapi(req: func.HttpRequest) -> func.HttpResponse:
    """Return the contract as the caller sees it: with this URL and typed algorithms."""
    return json_response(openapi_document(base_url(req)), headers=_CACHE)
