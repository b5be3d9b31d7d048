"""Entra ID's metadata and sign-in, and the endpoint of managed identities, over HTTP."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from localdev.identity.directory import ManagedIdentity
from localdev.identity.grants import Grants
from localdev.identity.metadata import openid_configuration
from localdev.identity.page_client import PageClient
from localdev.identity.sign_in import SignIn
from localdev.identity.token_endpoint import TokenEndpoint
from localdev.identity.tokens import Issuer

_API_VERSION = "2019-08-01"


@dataclass(frozen=True, slots=True)
class Host:
    """A host of applications, with the identities assigned to it."""

    secret: str
    """What its applications have in IDENTITY_HEADER; others get no token."""
    identities: Mapping[str, ManagedIdentity]
    """By client id."""


def application(issuer: Issuer, hosts: list[Host], page: PageClient | None = None) -> Starlette:
    """Return the ASGI application.

    Args:
        issuer: of all tokens
        hosts: whose applications have managed identities
        page: the web page; without it no user signs in here

    """

    def metadata(request: Request) -> JSONResponse:
        version = "2.0" if "v2.0" in request.url.path.split("/") else "1.0"
        if request.path_params["tenant"] != issuer.tenant:
            return _refusal(HTTPStatus.BAD_REQUEST, "invalid_tenant", "There is no such tenant.")
        base = f"{request.base_url}{issuer.tenant}"
        return JSONResponse(openid_configuration(issuer.issuer(version), base))

    def keys(request: Request) -> JSONResponse:
        if request.path_params["tenant"] != issuer.tenant:
            return _refusal(HTTPStatus.BAD_REQUEST, "invalid_tenant", "There is no such tenant.")
        return JSONResponse({"keys": [issuer.public_jwk()]})

    def managed_identity(request: Request) -> JSONResponse:
        identities = _opened(hosts, request.headers.get("x-identity-header", ""))
        if not identities:
            return _refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", "X-IDENTITY-HEADER is wrong.")
        return _token(issuer, identities, request.query_params)

    return Starlette(
        routes=[
            Route("/{tenant}/v2.0/.well-known/openid-configuration", metadata),
            Route("/{tenant}/.well-known/openid-configuration", metadata),
            Route("/{tenant}/discovery/v2.0/keys", keys),
            Route("/msi/token", managed_identity),
            *([] if page is None else _page_routes(issuer, page)),
        ]
    )


def _page_routes(issuer: Issuer, page: PageClient) -> list[Route]:
    grants = Grants()
    sign_in = SignIn(issuer.tenant, page, grants)
    tokens = TokenEndpoint(issuer, page, grants)
    base = "/{tenant}/oauth2/v2.0"
    return [
        Route(f"{base}/authorize", sign_in.authorize, methods=["GET", "POST"]),
        Route(f"{base}/token", tokens.token, methods=["POST"]),
        Route(f"{base}/logout", sign_in.log_out, methods=["GET"]),
    ]


def _opened(hosts: list[Host], secret: str) -> dict[str, ManagedIdentity]:
    """Return the identities that *secret* opens, by client id."""
    given = secret.encode()
    opened = [host for host in hosts if hmac.compare_digest(host.secret.encode(), given)]
    return {name: identity for host in opened for name, identity in host.identities.items()}


def _token(
    issuer: Issuer, identities: Mapping[str, ManagedIdentity], query: Mapping[str, str]
) -> JSONResponse:
    if query.get("api-version") != _API_VERSION:
        return _refusal(HTTPStatus.BAD_REQUEST, "invalid_request", "api-version is 2019-08-01.")
    if not (resource := query.get("resource")):
        return _refusal(HTTPStatus.BAD_REQUEST, "invalid_resource", "resource is missing.")
    identity = identities.get(query.get("client_id", ""))
    if identity is None:
        message = "No managed identity of that client_id is assigned to this host."
        return _refusal(HTTPStatus.BAD_REQUEST, "invalid_client", message)
    claims = issuer.managed_identity_claims(identity, resource)
    return JSONResponse(
        {
            "access_token": issuer.sign(claims),
            "client_id": identity.client_id,
            "expires_on": str(claims["exp"]),
            "resource": resource,
            "token_type": "Bearer",
        }
    )


def _refusal(status: HTTPStatus, code: str, message: str) -> JSONResponse:
    content: dict[str, Any] = {"statusCode": status.value, "error": code, "message": message}
    return JSONResponse(content, status.value)
