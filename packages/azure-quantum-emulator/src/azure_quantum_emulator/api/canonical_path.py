"""ASGI middleware: the one spelling of a path that routes and faults know."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from azure_quantum_emulator.fault_injection.operations import OPERATIONS

_COLLECTIONS = ("subscriptions", "resourceGroups", "workspaces", "suiteOffers", "jobs", "sessions")
"""Words that a name or an id follows."""
_WORDS = {
    word.casefold(): word
    for path in (
        "/providers/Microsoft.Quantum/Microsoft.ResourceGraph/resources/listKeys/proxy/tenants",
        "/".join(_COLLECTIONS),
        *(path for _, path in OPERATIONS.values()),
    )
    for word in path.split("/")
    if word and not word.startswith("{")
} | {"jobupdateoptions": "jobs"}  # where the Swagger file has the update of a job
_ACTIONS = {action.casefold(): action for action in ("cancel", "close")}


class CanonicalPath:
    """Path rewriting: one case for all parts of a path but names and ids."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with its path in the spelling of the SDK."""
        if scope["type"] == "http":
            scope = {**scope, "path": canonical(scope["path"])}
        await self._app(scope, receive, send)


def canonical(path: str) -> str:
    """Return a path in the spelling of the SDK; names and ids stay as they are."""
    parts: list[str] = []
    is_name = False
    for part in path.split("/"):
        if is_name:
            name, colon, action = part.partition(":")
            parts.append(f"{name}{colon}{_ACTIONS.get(action.casefold(), action)}")
            is_name = False
        else:
            parts.append(_WORDS.get(part.casefold(), part))
            is_name = parts[-1] in _COLLECTIONS
    return "/".join(parts)
