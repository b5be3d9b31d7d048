"""What the workspace offers: targets and their state, quotas, places for data."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from azure_quantum_emulator.api.answers import whole_list
from azure_quantum_emulator.api.requests import api_version, json_object, workspace_of
from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.targets.catalogue import TargetState, provider_status


async def list_status(request: Request) -> Response:
    """`GET providerStatus`."""
    asked = workspace_of(request).scenario.target_states()
    states = {
        target: TargetState(state.availability, state.average_queue_time)
        for target, state in asked.items()
    }
    return whole_list(provider_status(api_version(request), states))


async def list_quotas(request: Request) -> Response:
    """`GET quotas`."""
    api_version(request)
    return whole_list(workspace_of(request).scenario.quotas.to_json())


async def list_quota_usages(request: Request) -> Response:
    """`GET quotaUsages` and the like of suite offers, of which a workspace of kind V1 has none."""
    api_version(request)
    return whole_list([])


async def create_sas_uri(request: Request) -> Response:
    """`POST storage/sasUri`, for a container, which is created, or for a blob in it."""
    api_version(request)
    body = await json_object(request)
    container, blob = body.get("containerName"), body.get("blobName")
    if not isinstance(container, str) or not container:
        raise InvalidRequestError("InvalidRequest", "The field containerName is required.")
    workspace = workspace_of(request)
    if isinstance(blob, str) and blob:
        return JSONResponse({"sasUri": await workspace.blob_uri(container, blob)})
    return JSONResponse({"sasUri": await workspace.container_uri(container)})
