"""Sessions: open, get, list, close; and the list of sessions and jobs together."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator import store
from azure_quantum_emulator.api import session_json
from azure_quantum_emulator.api.job_request import parse_id
from azure_quantum_emulator.api.json_response import JsonResponse
from azure_quantum_emulator.api.requests import json_object, workspace_of
from azure_quantum_emulator.api.responses import items_page
from azure_quantum_emulator.api.versions import api_version


async def open_session(request: Request) -> Response:
    """`PUT sessions/{id}`."""
    api_version(request)
    workspace = workspace_of(request)
    now = workspace.scenario.clock.now()
    session_id = parse_id(request.path_params["session_id"])
    asked = session_json.SessionRequest.parse(await json_object(request))
    session = asked.to_session(session_id, now)
    workspace.store.create(session)
    return JsonResponse(session_json.session(session))


async def get(request: Request) -> Response:
    """`GET sessions/{id}`."""
    api_version(request)
    session = workspace_of(request).session(request.path_params["session_id"])
    return JsonResponse(session_json.session(session))


async def close(request: Request) -> Response:
    """`POST sessions/{id}:close`."""
    api_version(request)
    session = workspace_of(request).close_session(request.path_params["session_id"])
    return JsonResponse(session_json.session(session))


async def list_all(request: Request) -> Response:
    """`GET sessions`, oldest first."""
    return items_page(request, store.SESSIONS)


async def list_jobs(request: Request) -> Response:
    """`GET sessions/{id}/jobs`, newest first."""
    session = workspace_of(request).session(request.path_params["session_id"])
    return items_page(request, store.jobs_of(session.id), order="created desc")


async def list_top_level(request: Request) -> Response:
    """`GET topLevelItems`: sessions, and jobs that belong to none, oldest first."""
    return items_page(request, store.TOP_LEVEL)
