"""Who may come in, and to which workspace."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response

from localdev.emulator.errors import NotFoundError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from localdev.emulator.workspace import Identity

KEY_HEADER = "x-ms-quantum-api-key"


class ApiKey:
    """Middleware that answers requests without the workspace's key with an empty 401."""

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._key = identity.api_key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass if its key is right."""
        if scope["type"] == "http":
            given = Headers(scope=scope).get(KEY_HEADER, "").encode()
            if not hmac.compare_digest(given, self._key):
                await Response(status_code=401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


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
