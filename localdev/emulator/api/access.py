"""Who may come in, and to which workspace."""

from __future__ import annotations

import hmac
from contextlib import suppress
from typing import TYPE_CHECKING

import jwt
from starlette.datastructures import Headers
from starlette.responses import Response

from localdev.emulator.errors import NotFoundError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localdev.emulator.workspace import Identity

KEY_HEADER = "x-ms-quantum-api-key"
AUDIENCES = ("https://quantum.microsoft.com", "https://management.azure.com")
"""For whom tokens may be issued, with or without a slash at the end."""


class Credentials:
    """Middleware that answers requests without the workspace's key or a token with an empty 401.

    A token has to be a JSON Web Token for one of the `AUDIENCES` that has not expired. Nobody's
    signature is checked: who issues tokens on a laptop is not for the emulator to say.
    """

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._key = identity.api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass if its key or its token is right."""
        if scope["type"] == "http" and not self._is_known(Headers(scope=scope)):
            await Response(status_code=401)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        if hmac.compare_digest(headers.get(KEY_HEADER, "").encode(), self._key):
            return True
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and _is_for_us(token)


class Address:
    """Middleware of the workspace's paths: other workspaces do not exist."""

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass if it names this workspace.

        Raises:
            NotFoundError: it names another.

        """
        path = scope["path_params"]
        if not self._identity.is_at(path["subscription"], path["group"], path["workspace"]):
            raise NotFoundError(
                "ResourceNotFound",
                f"The workspace {path['workspace']} was not found in the resource group "
                f"{path['group']} of the subscription {path['subscription']}.",
            )
        await self._app(scope, receive, send)


def _is_for_us(token: str) -> bool:
    audiences = [*AUDIENCES, *(f"{audience}/" for audience in AUDIENCES)]
    checks: jwt.types.Options = {
        "verify_signature": False,
        "verify_aud": True,
        "verify_exp": True,
        "require": ["exp"],
    }
    with suppress(jwt.InvalidTokenError):
        jwt.decode(token, audience=audiences, options=checks)
        return True
    return False
