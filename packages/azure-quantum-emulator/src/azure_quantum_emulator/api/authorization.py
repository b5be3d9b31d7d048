"""ASGI middleware: authentication, and the check that a request is for this workspace."""

from __future__ import annotations

import hmac
import logging
from contextlib import suppress

import jwt
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_quantum_emulator.errors import NotFoundError
from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator
from azure_quantum_emulator.workspace import Coordinates

KEY_HEADER = "x-ms-quantum-api-key"
AUDIENCES = tuple(
    f"https://{host}{slash}"
    for host in ("quantum.microsoft.com", "management.azure.com")
    for slash in ("", "/")
)
"""For whom tokens may be issued."""
_log = logging.getLogger(__name__)


class Credentials:
    """Authentication: requests without the workspace's key or a valid token get an empty 401.

    A token has to be a JSON Web Token for one of the `AUDIENCES` that has not expired. Who may sign
    it is for *validator* to say; without one nobody's signature is checked, because anybody may
    issue tokens on a laptop.
    """

    def __init__(
        self, app: ASGIApp, coordinates: Coordinates, validator: TokenValidator | None
    ) -> None:
        self._app = app
        self._key = coordinates.api_key.encode() if coordinates.api_key else None
        self._validator = validator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with the right key or a valid token; refuse any other."""
        if scope["type"] == "http" and not await self._is_known(Headers(scope=scope)):
            await Response(status_code=401)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _is_known(self, headers: Headers) -> bool:
        given = headers.get(KEY_HEADER, "").encode()
        if self._key is not None and hmac.compare_digest(given, self._key):
            return True
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        if self._validator is None:
            return _is_for_us(token)
        try:
            await self._validator.validate(token)
        except TokenError as error:
            _log.warning("A token was refused: %s", error)
            return False
        return True


class Address:
    """Routing check: requests for any other workspace get a 404."""

    def __init__(self, app: ASGIApp, coordinates: Coordinates) -> None:
        self._app = app
        self._coordinates = coordinates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request for this workspace.

        Raises:
            NotFoundError: it names another.

        """
        path = scope["path_params"]
        if not self._coordinates.is_at(path["subscription"], path["group"], path["workspace"]):
            raise NotFoundError(
                "ResourceNotFound",
                f"The workspace {path['workspace']} was not found in the resource group "
                f"{path['group']} of the subscription {path['subscription']}.",
            )
        await self._app(scope, receive, send)


def _is_for_us(token: str) -> bool:
    checks: jwt.types.Options = {
        "verify_signature": False,
        "verify_aud": True,
        "verify_exp": True,
        "require": ["exp"],
    }
    with suppress(jwt.InvalidTokenError):
        jwt.decode(token, audience=AUDIENCES, options=checks)
        return True
    return False
