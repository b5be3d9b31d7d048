"""Responses that operations share: pages of lists, and errors."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator.api import job_json, session_json
from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import number, workspace_of
from azure_quantum_emulator.api.versions import api_version
from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.query import Condition, parse_filter, parse_order
from azure_quantum_emulator.storage_retry import reason
from azure_quantum_emulator.store import Item

PAGE_SIZE = 100  # the most and the default


def items_page(request: Request, condition: Condition, order: str = "") -> Response:
    """Return a page of the jobs and sessions that fulfil a condition and the request's filter.

    Args:
        request: with the options `filter`, `orderby`, `skip` and `top`
        condition: what the list is about
        order: of the items if the request asks for none

    Raises:
        InvalidRequestError: an option cannot be read.

    """
    version = api_version(request)
    options = request.query_params
    skip = number(request, "skip", default=0)
    top = min(number(request, "top", default=PAGE_SIZE), PAGE_SIZE) or PAGE_SIZE
    page = workspace_of(request).page(
        condition & parse_filter(options.get("filter", "")),
        parse_order(options.get("orderby", "")) or order,
        skip,
        top,
    )
    following = request.url.include_query_params(top=top, skip=skip + top)
    return JsonResponse(
        {
            "value": [_item(request, item, version) for item in page.items],
            "nextLink": str(following) if page.more else None,
        }
    )


def whole_list(value: list[dict[str, Any]]) -> Response:
    """Return a list of one page."""
    return JsonResponse({"value": value, "nextLink": None})


async def refuse(_: Request, error: Exception) -> Response:
    """Return the response for an error that the workspace raised."""
    if not isinstance(error, ServiceError):
        raise error
    return error_response(error.status, error.code, error.message)


async def storage_failed(_: Request, error: Exception) -> Response:
    """Return a 503 for a failure of the storage account; clients may retry."""
    message = f"The request takes the linked storage account: {reason(error)}."
    return error_response(503, "StorageAccessFailed", message)


async def refuse_depth(_: Request, __: Exception) -> Response:
    """Return the error for a request whose JSON or filter is nested too deeply."""
    return error_response(400, "InvalidRequest", "The request is nested too deeply.")


async def refuse_path(request: Request, _: Exception) -> Response:
    """Return the 404 for a path that has no operation."""
    return error_response(
        404, "ResourceNotFound", f"There is no {request.method} {request.url.path}."
    )


def error_response(status: int, code: str, message: str) -> Response:
    """Return an error as the service words it."""
    content = {"error": {"code": code, "message": message}}
    return JsonResponse(content, status, headers={"x-ms-error-code": code})


def _item(request: Request, item: Item, version: date) -> dict[str, Any]:
    if isinstance(item, Job):
        return job_json.listed(item, workspace_of(request).storage, version)
    return session_json.session(item)
