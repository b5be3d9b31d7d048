"""Routes of the catalogue: the list of algorithms, and one in full."""

from __future__ import annotations

import azure.functions as func

from functions.endpoint import endpoint
from functions.rendering import json_response, list_document
from functions.requests import base_url
from qjobs.bootstrap import catalogue
from qjobs.domain.algorithm import JSONObject

bp = func.Blueprint()
_CACHE = {"Cache-Control": "private, max-age=300"}


@bp.function_name("list_algorithms")
@bp.route(route="algorithms", methods=["GET"])
@endpoint
async def list_algorithms(req: func.HttpRequest) -> func.HttpResponse:
    """Return the short description of every algorithm."""
    base = base_url(req)
    entries = [_linked(base, entry) for entry in catalogue().all()]
    return json_response(list_document(entries), headers=_CACHE)


@bp.function_name("get_algorithm")
@bp.route(route="algorithms/{algorithm}", methods=["GET"])
@endpoint
async def get_algorithm(req: func.HttpRequest) -> func.HttpResponse:
    """Return one algorithm with its schemas, examples and limits."""
    entry = catalogue().describe(req.route_params["algorithm"])
    return json_response(_linked(base_url(req), entry), headers=_CACHE)


def _linked(base: str, entry: JSONObject) -> JSONObject:
    url = f"{base}/algorithms/{entry['id']}"
    return {**entry, "links": {"self": url, "jobs": f"{url}/jobs"}}
