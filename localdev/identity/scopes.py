"""Scopes of a request: of OpenID Connect, and of the API with its application ID URI."""

from __future__ import annotations

from localdev.identity.directory import API_AUDIENCE, HARDWARE_SCOPE, SCOPES
from localdev.identity.refusals import RefusedError

_OPENID = frozenset({"openid", "profile", "offline_access"})
_KNOWN = {f"{API_AUDIENCE}/{scope}": scope for scope in (*SCOPES, HARDWARE_SCOPE)}


def asked_scopes(text: str) -> tuple[str, ...]:
    """Return the scopes that a request asks for.

    Raises:
        RefusedError: one does not exist, or none is of the API.

    """
    scopes = tuple(text.split())
    if unknown := [scope for scope in scopes if scope not in _OPENID and scope not in _KNOWN]:
        detail = f"The provided value for the input parameter 'scope' is not valid: {unknown[0]}"
        raise RefusedError("invalid_scope", 70011, detail[:200])
    if not api_scopes(scopes):
        detail = f"The request asks for no scope of {API_AUDIENCE}."
        raise RefusedError("invalid_scope", 70011, detail)
    return scopes


def api_scopes(scopes: tuple[str, ...]) -> list[str]:
    """Return the scopes of the API, as its tokens have them."""
    return [_KNOWN[scope] for scope in scopes if scope in _KNOWN]


def granted_scope(scopes: tuple[str, ...]) -> str:
    """Return the value of `scope` in the response of the token endpoint."""
    return " ".join(scope for scope in scopes if scope in _KNOWN)
