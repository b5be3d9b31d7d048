"""Which path is answered by which response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from localdev.emulator.api import responses
from localdev.emulator.api.access import Address, ApiKey
from localdev.emulator.errors import ServiceError

if TYPE_CHECKING:
    from starlette.types import StatelessLifespan

    from localdev.emulator.workspace import Identity

WORKSPACE = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.Quantum/workspaces/{workspace}"
)

DATA_PLANE = [
    Route("/storage/sasUri", responses.create_sas_uri, methods=["POST"]),
    Route("/jobs/{job_id}:cancel", responses.cancel_job, methods=["POST"]),
    Route("/jobs/{job_id}", responses.get_job, methods=["GET"]),
    Route("/jobs/{job_id}", responses.create_job, methods=["PUT"]),
    Route("/jobs/{job_id}", responses.delete_job, methods=["DELETE"]),
    Route("/jobs", responses.list_jobs, methods=["GET"]),
    Route("/providerStatus", responses.provider_status, methods=["GET"]),
    Route("/quotas", responses.quotas, methods=["GET"]),
]

CONTROL = [
    Route("/jobs", responses.submissions, methods=["GET"]),
    Route("/reset", responses.reset, methods=["POST"]),
]


def application(identity: Identity, lifespan: StatelessLifespan[Starlette]) -> Starlette:
    """Return the emulator as an ASGI application.

    Args:
        identity: the workspace it is
        lifespan: sets `app.state.workspace` before the first request

    """
    address = Middleware(Address, identity=identity)
    return Starlette(
        routes=[
            Mount(WORKSPACE, routes=DATA_PLANE, middleware=[address]),
            Mount("/emulator", routes=CONTROL),
        ],
        middleware=[Middleware(ApiKey, identity=identity)],
        exception_handlers={
            ServiceError: responses.refuse,
            AzureError: responses.storage_failed,
            404: responses.refuse_path,
            405: responses.refuse_path,
        },
        lifespan=lifespan,
    )
