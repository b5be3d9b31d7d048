"""The operations as HTTP: reads requests, calls the workspace, writes answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from localdev.emulator.api import wire
from localdev.emulator.errors import InvalidRequestError, ServiceError
from localdev.emulator.targets import catalogue as targets

if TYPE_CHECKING:
    from starlette.requests import Request

    from localdev.emulator.workspace import Workspace

PAGE_SIZE = 100  # the most and the default


async def create_sas_uri(request: Request) -> Response:
    """`POST storage/sasUri`."""
    body = await _json(request)
    container = body.get("containerName") if isinstance(body, dict) else None
    blob = body.get("blobName") if isinstance(body, dict) else None
    if not isinstance(container, str) or not container:
        raise InvalidRequestError("InvalidRequest", "The field containerName is required.")
    workspace = _workspace(request)
    if isinstance(blob, str) and blob:
        return JSONResponse({"sasUri": workspace.blob_uri(container, blob)})
    return JSONResponse({"sasUri": await workspace.container_uri(container)})


async def create_job(request: Request) -> Response:
    """`PUT jobs/{id}`."""
    workspace = _workspace(request)
    job = workspace.submit(_job_id(request), await _json(request))
    return JSONResponse(wire.job_with_plain_uris(job, workspace.storage))


async def get_job(request: Request) -> Response:
    """`GET jobs/{id}`."""
    workspace = _workspace(request)
    job = workspace.store.get(_job_id(request))
    return JSONResponse(wire.job_with_signed_uris(job, workspace.storage))


async def list_jobs(request: Request) -> Response:
    """`GET jobs`, newest first."""
    for option in ("filter", "orderby"):
        if option in request.query_params:  # an answer without it would be wrong unnoticed
            raise InvalidRequestError("NotSupported", f"The option {option} is not emulated.")
    skip = _number(request, "skip", default=0)
    top = min(_number(request, "top", default=PAGE_SIZE), PAGE_SIZE) or PAGE_SIZE
    workspace = _workspace(request)
    jobs = workspace.store.newest_first()
    page = [wire.job_with_plain_uris(job, workspace.storage) for job in jobs[skip : skip + top]]
    following = request.url.include_query_params(top=top, skip=skip + top)
    more = skip + top < len(jobs)
    return JSONResponse({"value": page, "nextLink": str(following) if more else None})


async def cancel_job(request: Request) -> Response:
    """`POST jobs/{id}:cancel`, which the service answers without a body."""
    _workspace(request).cancel(_job_id(request))
    return Response(status_code=204)


async def delete_job(request: Request) -> Response:
    """`DELETE jobs/{id}`."""
    _workspace(request).delete(_job_id(request))
    return Response(status_code=204)


async def provider_status(_: Request) -> Response:
    """`GET providerStatus`."""
    return JSONResponse({"value": targets.provider_status(), "nextLink": None})


async def quotas(_: Request) -> Response:
    """`GET quotas`: nothing is limited."""
    return JSONResponse({"value": [], "nextLink": None})


async def submissions(request: Request) -> Response:
    """`GET /emulator/jobs`: how often each job was asked for."""
    return JSONResponse(_workspace(request).submissions())


async def reset(request: Request) -> Response:
    """`POST /emulator/reset`: forget all jobs."""
    _workspace(request).reset()
    return Response(status_code=204)


async def refuse(_: Request, exc: Exception) -> Response:
    """Answer with an error that the workspace raised."""
    if not isinstance(exc, ServiceError):
        raise exc
    return error(exc.status, exc.code, exc.message)


async def storage_failed(_: Request, exc: Exception) -> Response:
    """Answer when the storage account does not; clients may try again."""
    return error(503, "StorageAccessFailed", str(exc).partition("\n")[0])


async def refuse_path(request: Request, _: Exception) -> Response:
    """Answer a request for something that is not here."""
    return error(404, "ResourceNotFound", f"There is no {request.method} {request.url.path}.")


def error(status: int, code: str, message: str) -> Response:
    """Return an error as the service words it."""
    content = {"error": {"code": code, "message": message}}
    return JSONResponse(content, status, headers={"x-ms-error-code": code})


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


def _job_id(request: Request) -> str:
    job_id: str = request.path_params["job_id"]
    return job_id


async def _json(request: Request) -> Any:  # noqa: ANN401 - whatever a client sends
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as exc:
        raise InvalidRequestError("InvalidRequest", f"The body is not JSON: {exc}") from exc


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal():
        raise InvalidRequestError("InvalidRequest", f"The option {name} is no number: {text}")
    return int(text)
