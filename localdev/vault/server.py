"""The operation of Azure Key Vault that the functions use: reading a secret.

Source: Microsoft's reference of `Get Secret`, and its page on authentication, requests and
responses.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator

AUDIENCE = "https://vault.azure.net"
VERSION = "1" * 32
"""Of every secret: none of them changes."""
_log = logging.getLogger(__name__)


def application(
    secrets: Mapping[str, str], readers: Collection[str], validator: TokenValidator, tenant: str
) -> Starlette:
    """Return the ASGI application.

    Args:
        secrets: their values by name
        readers: object ids of the identities with the role Key Vault Secrets User
        validator: of tokens for `AUDIENCE`
        tenant: where callers without a token are sent for one

    """
    since = int(time.time())
    challenge = (
        f'Bearer authorization="https://login.microsoftonline.com/{tenant}", resource="{AUDIENCE}"'
    )

    async def read_secret(request: Request) -> JSONResponse:
        refusal = await _refusal(request)
        if refusal is not None:
            return refusal
        name = request.path_params["name"]
        version = request.path_params.get("version", VERSION)
        if not request.query_params.get("api-version"):
            return _error(HTTPStatus.BAD_REQUEST, "BadParameter", "api-version must be specified")
        if name not in secrets or version != VERSION:
            message = f"A secret with (name/id) {name} was not found in this key vault."
            return _error(HTTPStatus.NOT_FOUND, "SecretNotFound", message)
        return JSONResponse(
            {
                "value": secrets[name],
                "id": f"https://{request.url.netloc}/secrets/{name}/{VERSION}",
                "attributes": {"enabled": True, "created": since, "updated": since},
            }
        )

    async def _refusal(request: Request) -> JSONResponse | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            message = "AKV10000: Request is missing a Bearer or PoP token."
            return _error(HTTPStatus.UNAUTHORIZED, "Unauthorized", message, challenge)
        try:
            claims = await validator.validate(token)
        except TokenError as error:
            _log.warning("A token was refused: %s", error)
            message = "AKV10032: Invalid token."
            return _error(HTTPStatus.UNAUTHORIZED, "Unauthorized", message, challenge)
        if claims.get("oid") not in readers:
            message = "Caller is not authorized to perform action on resource."
            return _error(HTTPStatus.FORBIDDEN, "Forbidden", message)
        return None

    return Starlette(
        routes=[
            Route("/secrets/{name}/{version}", read_secret),
            Route("/secrets/{name}", read_secret),
            Route("/secrets/{name}/", read_secret),
        ]
    )


def _error(
    status: HTTPStatus, code: str, message: str, challenge: str | None = None
) -> JSONResponse:
    content: dict[str, Any] = {"error": {"code": code, "message": message}}
    headers = {"WWW-Authenticate": challenge} if challenge else None
    return JSONResponse(content, status.value, headers)
