"""Which path is answered by which operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from azure_quantum_emulator.api import answers, control, jobs, management, providers, sessions
from azure_quantum_emulator.api.access import Address, Credentials
from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.trouble.control import ROUTES as TROUBLE_ROUTES
from azure_quantum_emulator.trouble.middleware import TroubleMiddleware

if TYPE_CHECKING:
    from starlette.types import StatelessLifespan

    from azure_quantum_emulator.serving.token_validation import TokenValidator
    from azure_quantum_emulator.workspace import Identity

WORKSPACE = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.Quantum/workspaces/{workspace}"
)
SUITE_OFFERS = "/subscriptions/{subscription}/providers/Microsoft.Quantum/suiteOffers/{provider}"
RESOURCE_GRAPH = "/providers/Microsoft.ResourceGraph/resources"

DATA_PLANE = [
    Route("/storage/sasUri", providers.create_sas_uri, methods=["POST"], name="storage.sasUri"),
    Route("/jobs/{job_id}:cancel", jobs.cancel, methods=["POST"], name="jobs.cancel"),
    Route("/jobs/{job_id}", jobs.get, methods=["GET"], name="jobs.get"),
    Route("/jobs/{job_id}", jobs.create, methods=["PUT"], name="jobs.create"),
    Route("/jobs/{job_id}", jobs.update, methods=["PATCH"], name="jobs.update"),
    Route("/jobs/{job_id}", jobs.delete, methods=["DELETE"], name="jobs.delete"),
    Route("/jobs", jobs.list_all, methods=["GET"], name="jobs.list"),
    Route("/sessions/{session_id}:close", sessions.close, methods=["POST"], name="sessions.close"),
    Route("/sessions/{session_id}/jobs", sessions.list_jobs, name="sessions.listJobs"),
    Route("/sessions/{session_id}", sessions.get, methods=["GET"], name="sessions.get"),
    Route("/sessions/{session_id}", sessions.open_session, methods=["PUT"], name="sessions.open"),
    Route("/sessions", sessions.list_all, methods=["GET"], name="sessions.list"),
    Route("/topLevelItems", sessions.list_top_level, methods=["GET"], name="topLevelItems"),
    Route("/providerStatus", providers.list_status, methods=["GET"], name="providerStatus"),
    Route("/quotas", providers.list_quotas, methods=["GET"], name="quotas"),
    Route("/quotaUsages", providers.list_quota_usages, methods=["GET"], name="quotaUsages"),
]
"""The operations of a workspace; faults name them as they are named here."""

CONTROL = [
    Route("/jobs", control.list_jobs, methods=["GET"]),
    Route("/reset", control.reset, methods=["POST"]),
    Route("/seed", control.seed, methods=["POST"]),
    *TROUBLE_ROUTES,
]


def application(
    identity: Identity,
    lifespan: StatelessLifespan[Starlette],
    validator: TokenValidator | None = None,
) -> Starlette:
    """Return the emulator as an ASGI application.

    Args:
        identity: the workspace it is
        lifespan: sets `app.state.workspace` before the first request
        validator: says which tokens are good; without one their signatures are not checked

    """
    address = Middleware(Address, identity=identity)
    return Starlette(
        routes=[
            Route(WORKSPACE, management.get_workspace, methods=["GET"], middleware=[address]),
            Route(RESOURCE_GRAPH, management.query_resources, methods=["POST"]),
            Mount(WORKSPACE, routes=DATA_PLANE, middleware=[address]),
            Route(f"{SUITE_OFFERS}/quotaUsages", providers.list_quota_usages),
            Route(f"{SUITE_OFFERS}/providerStatus", providers.list_status),
            Mount("/emulator", routes=CONTROL),
        ],
        middleware=[
            Middleware(Credentials, identity=identity, validator=validator),
            Middleware(TroubleMiddleware),
        ],
        exception_handlers={
            ServiceError: answers.refuse,
            AzureError: answers.storage_failed,
            RecursionError: answers.refuse_depth,
            404: answers.refuse_path,
            405: answers.refuse_path,
        },
        lifespan=lifespan,
    )
