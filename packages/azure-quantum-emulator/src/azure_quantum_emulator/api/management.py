"""The requests of clients to Azure Resource Manager: workspaces, their keys, resource graph."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import json_object, workspace_of
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.workspace import Coordinates

TENANT = "00000000-0000-0000-0000-00000000000a"
"""The tenant that every workspace of the emulator is in."""

_CONDITION = re.compile(r"where\s+(name|resourceGroup|location)\s+=~\s+'([^']*)'")


async def get_workspace(request: Request) -> Response:
    """`GET` of the workspace as a resource."""
    return JsonResponse(_resource(request))


async def list_tenants(request: Request) -> Response:
    """`GET tenants`: the one tenant of the emulator."""
    del request
    return JsonResponse({"value": [{"id": f"/tenants/{TENANT}", "tenantId": TENANT}]})


async def list_subscriptions(request: Request) -> Response:
    """`GET subscriptions`: that of the workspace."""
    subscription = workspace_of(request).coordinates.subscription_id
    listed = {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": TENANT,
        "displayName": "Emulator",
        "state": "Enabled",
    }
    return JsonResponse({"value": [listed]})


async def list_workspaces(request: Request) -> Response:
    """`GET` of the workspaces of a subscription: this one, or none."""
    coordinates = workspace_of(request).coordinates
    asked = request.path_params["subscription"]
    mine = asked.casefold() == coordinates.subscription_id.casefold()
    return JsonResponse({"value": [_resource(request)] if mine else []})


async def list_keys(request: Request) -> Response:
    """`POST listKeys`: the key to the workspace, in the place of both, if it has one."""
    coordinates = workspace_of(request).coordinates
    if coordinates.api_key is None:
        return JsonResponse({"apiKeyEnabled": False})
    key = {"createdAt": "2026-01-01T00:00:00Z", "key": coordinates.api_key}
    connection = (
        f"SubscriptionId={coordinates.subscription_id};"
        f"ResourceGroupName={coordinates.resource_group};WorkspaceName={coordinates.name};"
        f"ApiKey={coordinates.api_key};QuantumEndpoint={_endpoint(request).rstrip('/')}/;"
    )
    return JsonResponse(
        {
            "apiKeyEnabled": True,
            "primaryKey": key,
            "secondaryKey": key,
            "primaryConnectionString": connection,
            "secondaryConnectionString": connection,
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


def _resource(request: Request) -> dict[str, Any]:
    """Return the workspace as a resource."""
    coordinates = workspace_of(request).coordinates
    providers = dict.fromkeys(each.provider for each in all_targets().values() if each.listed)
    return {
        "id": f"/subscriptions/{coordinates.subscription_id}"
        f"/resourceGroups/{coordinates.resource_group}"
        f"/providers/Microsoft.Quantum/workspaces/{coordinates.name}",
        "name": coordinates.name,
        "type": "microsoft.quantum/workspaces",
        "location": coordinates.location,
        "properties": {
            "providers": [
                {"providerId": name, "providerSku": "emulated", "provisioningState": "Succeeded"}
                for name in providers
            ],
            "provisioningState": "Succeeded",
            "usable": "Yes",
            "endpointUri": _endpoint(request),
            "workspaceKind": coordinates.kind,
            "apiKeyEnabled": coordinates.api_key is not None,
        },
    }


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
