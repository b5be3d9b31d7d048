"""What the SDK asks Azure's resource manager before it talks to the workspace itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from azure_quantum_emulator.api.requests import json_object, workspace_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from azure_quantum_emulator.workspace import Identity

_CONDITION = re.compile(r"where\s+(name|resourceGroup|location)\s+=~\s+'([^']*)'")


async def get_workspace(request: Request) -> Response:
    """`GET` of the workspace as a resource."""
    identity = workspace_of(request).identity
    return JSONResponse(
        {
            "id": request.url.path,
            "name": identity.name,
            "type": "microsoft.quantum/workspaces",
            "location": identity.location,
            "properties": {
                "provisioningState": "Succeeded",
                "usable": "Yes",
                "endpointUri": _endpoint(request),
                "workspaceKind": identity.kind,
                "apiKeyEnabled": identity.api_key is not None,
            },
        }
    )


async def query_resources(request: Request) -> Response:
    """`POST` to Azure Resource Graph: a query that finds this workspace, or not."""
    body = await json_object(request)
    identity = workspace_of(request).identity
    asked = dict(_CONDITION.findall(str(body.get("query", ""))))
    subscriptions = body.get("subscriptions") or [identity.subscription_id]
    found = [_row(identity, _endpoint(request))] if _matches(identity, asked, subscriptions) else []
    return JSONResponse(
        {
            "totalRecords": len(found),
            "count": len(found),
            "data": found,
            "facets": [],
            "resultTruncated": "false",
        }
    )


def _matches(identity: Identity, asked: dict[str, str], subscriptions: list[str]) -> bool:
    mine = {
        "name": identity.name,
        "resourceGroup": identity.resource_group,
        "location": identity.location,
    }
    return identity.subscription_id in subscriptions and all(
        mine[field].casefold() == value.casefold() for field, value in asked.items()
    )


def _row(identity: Identity, endpoint: str) -> dict[str, str]:
    return {
        "name": identity.name,
        "subscriptionId": identity.subscription_id,
        "resourceGroup": identity.resource_group,
        "location": identity.location,
        "endpointUri": endpoint,
        "workspaceKind": identity.kind,
    }


def _endpoint(request: Request) -> str:
    """Return the address of the data plane."""
    return workspace_of(request).identity.endpoint or f"{request.url.scheme}://{request.url.netloc}"
