"""Jobs: create, get, list, change, cancel, delete."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator import store
from azure_quantum_emulator.api import job_json
from azure_quantum_emulator.api.job_request import JobChanges, JobRequest, parse_id
from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import json_object, workspace_of
from azure_quantum_emulator.api.responses import items_page
from azure_quantum_emulator.api.versions import DELETES_SINCE, api_version


async def create(request: Request) -> Response:
    """`PUT jobs/{id}`."""
    version = api_version(request)
    workspace = workspace_of(request)
    job_id = parse_id(request.path_params["job_id"])
    workspace.store.count_put(job_id)
    now = workspace.scenario.clock.now()
    asked = JobRequest.parse(await json_object(request))
    job = workspace.submit(asked.to_job(job_id, workspace.storage, now))
    return JsonResponse(job_json.created(job, workspace.storage, version))


async def get(request: Request) -> Response:
    """`GET jobs/{id}`."""
    version = api_version(request)
    workspace = workspace_of(request)
    job = workspace.store.job(request.path_params["job_id"])
    return JsonResponse(await job_json.single(job, workspace.storage, version))


async def list_all(request: Request) -> Response:
    """`GET jobs`, oldest first."""
    return items_page(request, store.JOBS)


async def update(request: Request) -> Response:
    """`PATCH jobs/{id}`, with the fields to change."""
    api_version(request)
    changes = JobChanges.parse(await json_object(request)).model_dump(exclude_none=True)
    job = workspace_of(request).update(request.path_params["job_id"], **changes)
    return JsonResponse(
        {"id": job.id, "name": job.name, "priority": job.priority, "tags": job.tags}
    )


async def cancel(request: Request) -> Response:
    """`POST jobs/{id}:cancel`, without a body in the response."""
    api_version(request)
    workspace_of(request).cancel(request.path_params["job_id"])
    return Response(status_code=204)


async def delete(request: Request) -> Response:
    """`DELETE jobs/{id}`."""
    if api_version(request) < DELETES_SINCE:
        return await cancel(request)
    workspace_of(request).delete(request.path_params["job_id"])
    return Response(status_code=204)
