"""The URL routing of the emulator, and its ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from azure.core.exceptions import AzureError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from azure_quantum_emulator.api import (
    control,
    jobs,
    management,
    providers,
    responses,
    sessions,
    storage_proxy,
)
from azure_quantum_emulator.api.authorization import Address, Credentials
from azure_quantum_emulator.api.canonical_path import CanonicalPath
from azure_quantum_emulator.api.fault_middleware import FaultMiddleware
from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.fault_injection.operations import OPERATIONS
from azure_quantum_emulator.serving.token_validation import TokenValidator
from azure_quantum_emulator.workspace import Coordinates

WORKSPACE = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.Quantum/workspaces/{workspace}"
)
SUITE_OFFERS = "/subscriptions/{subscription}/providers/Microsoft.Quantum/suiteOffers/{provider}"
WORKSPACES = "/subscriptions/{subscription}/providers/Microsoft.Quantum/workspaces"
RESOURCE_GRAPH = "/providers/Microsoft.ResourceGraph/resources"

ENDPOINTS: dict[str, Callable[[Request], Awaitable[Response]]] = {
    "storage.sasUri": providers.create_sas_uri,
    "jobs.cancel": jobs.cancel,
    "jobs.get": jobs.get,
    "jobs.create": jobs.create,
    "jobs.update": jobs.update,
    "jobs.delete": jobs.delete,
    "jobs.list": jobs.list_all,
    "sessions.close": sessions.close,
    "sessions.listJobs": sessions.list_jobs,
    "sessions.get": sessions.get,
    "sessions.open": sessions.open_session,
    "sessions.list": sessions.list_all,
    "topLevelItems": sessions.list_top_level,
    "providerStatus": providers.list_status,
    "quotas": providers.list_quotas,
    "quotaUsages": providers.list_quota_usages,
}
"""Which function answers which of the `OPERATIONS`."""

DATA_PLANE = [
    Route(path, ENDPOINTS[name], methods=[method], name=name)
    for name, (method, path) in OPERATIONS.items()
]
MORE = [
    Route("/storage/proxy", storage_proxy.forward, methods=storage_proxy.METHODS),
    Route("/listKeys", management.list_keys, methods=["POST"]),
]
"""Operations that the SDK has not, and the extension of VS Code has."""


def application(coordinates: Coordinates, validator: TokenValidator | None = None) -> Starlette:
    """Return the emulator as an ASGI application.

    Args:
        coordinates: the workspace it is
        validator: says which tokens are good; without one their signatures are not checked

    `app.state.workspace` and `app.state.scenario` are to be set before the first request.
    """
    address = Middleware(Address, coordinates=coordinates)
    return Starlette(
        routes=[
            Route(WORKSPACE, management.get_workspace, methods=["GET"], middleware=[address]),
            Route(RESOURCE_GRAPH, management.query_resources, methods=["POST"]),
            Route(WORKSPACES, management.list_workspaces),
            Route("/tenants", management.list_tenants),
            Route("/subscriptions", management.list_subscriptions),
            Mount(WORKSPACE, routes=[*DATA_PLANE, *MORE], middleware=[address]),
            Route(f"{SUITE_OFFERS}/quotaUsages", providers.list_quota_usages),
            Route(f"{SUITE_OFFERS}/providerStatus", providers.list_status),
            Mount("/emulator", routes=control.ROUTES),
        ],
        middleware=[
            Middleware(CanonicalPath),
            Middleware(Credentials, coordinates=coordinates, validator=validator),
            Middleware(FaultMiddleware),
        ],
        exception_handlers={
            ServiceError: responses.refuse,
            AzureError: responses.storage_failed,
            RecursionError: responses.refuse_depth,
            404: responses.refuse_path,
            405: responses.refuse_path,
        },
    )
