"""The requests of the SDK to Azure Resource Manager: workspace lookup and resource graph."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import json_object, workspace_of
from azure_quantum_emulator.workspace import Coordinates

_CONDITION = re.compile(r"where\s+(name|resourceGroup|location)\s+=~\s+'([^']*)'")


async def get_workspace(request: Request) -> Response:
    """`GET` of the workspace as a resource."""
    coordinates = workspace_of(request).coordinates
    return JsonResponse(
        {
            "id": request.url.path,
            "name": coordinates.name,
            "type": "microsoft.quantum/workspaces",
            "location": coordinates.location,
            "properties": {
                "provisioningState": "Succeeded",
                "usable": "Yes",
                "endpointUri": _endpoint(request),
                "workspaceKind": coordinates.kind,
                "apiKeyEnabled": coordinates.api_key is not None,
            },
        }
    )


async def query_resources(request: Request) -> Response:
    """`POST` to Azure Resource Graph: a query that finds this workspace, or not."""
    body = await json_object(request)
    coordinates = workspace_of(request).coordinates
    asked = dict(_CONDITION.findall(str(body.get("query", ""))))
    subscriptions = body.get("subscriptions") or [coordinates.subscription_id]
    found = (
        [_row(coordinates, _endpoint(request))]
        if _matches(coordinates, asked, subscriptions)
        else []
    )
    return JsonResponse(
        {
            "totalRecords": len(found),
            "count": len(found),
            "data": found,
            "facets": [],
            "resultTruncated": "false",
        }
    )


def _matches(coordinates: Coordinates, asked: dict[str, str], subscriptions: list[str]) -> bool:
    mine = {
        "name": coordinates.name,
        "resourceGroup": coordinates.resource_group,
        "location": coordinates.location,
    }
    return coordinates.subscription_id in subscriptions and all(
        mine[field].casefold() == value.casefold() for field, value in asked.items()
    )


def _row(coordinates: Coordinates, endpoint: str) -> dict[str, str]:
    return {
        "name": coordinates.name,
        "subscriptionId": coordinates.subscription_id,
        "resourceGroup": coordinates.resource_group,
        "location": coordinates.location,
        "endpointUri": endpoint,
        "workspaceKind": coordinates.kind,
    }


def _endpoint(request: Request) -> str:
    """Return the URL of the data plane."""
    return (
        workspace_of(request).coordinates.endpoint or f"{request.url.scheme}://{request.url.netloc}"
    )
