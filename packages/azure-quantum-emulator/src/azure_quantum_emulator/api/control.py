"""The control API for tests: list all jobs, reset, seed; no client asks this of the service."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from azure_quantum_emulator.api import seeds
from azure_quantum_emulator.api.requests import json_object, workspace_of


async def list_jobs(request: Request) -> Response:
    """`GET /emulator/jobs`: all jobs, with their status and how often a client has put them."""
    return JSONResponse(workspace_of(request).submissions())


async def reset(request: Request) -> Response:
    """`POST /emulator/reset`: forget everything; the scenario begins anew."""
    workspace_of(request).reset()
    return Response(status_code=204)


async def seed(request: Request) -> Response:
    """`POST /emulator/seed`: add jobs and sessions as the service shows them in lists."""
    items = seeds.parse(await json_object(request))
    workspace_of(request).seed(items)
    return JSONResponse({"added": len(items)}, 201)
