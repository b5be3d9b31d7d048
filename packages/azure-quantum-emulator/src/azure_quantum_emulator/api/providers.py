"""Operations: status of providers and targets, quotas, SAS URIs of the storage account."""

from __future__ import annotations

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import (
    NonEmpty,
    RequestBody,
    json_object,
    workspace_of,
)
from azure_quantum_emulator.api.responses import whole_list
from azure_quantum_emulator.api.versions import SASURI_CREATES_SINCE, api_version
from azure_quantum_emulator.targets.catalogue import TargetState, provider_status


class SasUriRequest(RequestBody):
    """The body of `POST storage/sasUri`."""

    error_code: ClassVar = "InvalidRequest"
    container_name: NonEmpty
    blob_name: str | None = None


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
    """`POST storage/sasUri`, for a blob, or for a container, which is created.

    Before api-version 2026-01-15 clients created the container themselves. Theirs is not, where
    the account's key can sign an address that they may do it with: no other signature can.
    """
    version = api_version(request)
    asked = SasUriRequest.parse(await json_object(request))
    storage = workspace_of(request).storage
    if asked.blob_name:
        uri = await storage.signed_uri("rcw", asked.container_name, asked.blob_name)
    elif version < SASURI_CREATES_SINCE and storage.has_key:
        uri = await storage.signed_uri("rwlac", asked.container_name, whole_account=True)
    else:
        await storage.create_container(asked.container_name)
        uri = await storage.signed_uri("rwlac", asked.container_name)
    return JsonResponse({"sasUri": uri})
