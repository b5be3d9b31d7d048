"""Authorization codes and refresh tokens: each is redeemed once, within its time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from localdev.identity.refusals import RefusedError

CODE_SECONDS = 60.0
REFRESH_SECONDS = 24 * 3600.0
"""From the sign-in on, however often it is renewed, as for single-page applications on Azure."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A sign-in of a user, with the scopes that a client asked for."""

    client_id: str
    user: str
    scopes: tuple[str, ...]
    """As they were asked for, those of OpenID Connect too."""
    nonce: str
    redirect_uri: str
    challenge: str
    """Of PKCE, by the method S256."""


@dataclass(frozen=True, slots=True)
class _Kept:
    grant: Grant
    until: float
    redeemed: bool = False


@dataclass(slots=True)
class Grants:
    """Store of codes and refresh tokens in memory: after a restart all users sign in again."""

    clock: Callable[[], float] = time.monotonic
    _codes: dict[str, _Kept] = field(default_factory=dict)
    _refresh: dict[str, _Kept] = field(default_factory=dict)

    def new_code(self, grant: Grant) -> str:
        """Return a new authorization code."""
        return self._keep(self._codes, _Kept(grant, self.clock() + CODE_SECONDS))

    def redeem_code(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Grant:
        """Return the grant of a code, which is redeemed by that, whatever else is wrong.

        Raises:
            RefusedError: it is unknown, too old, redeemed already, or of another request.

        """
        kept = self._codes.get(code)
        if kept is None:
            raise RefusedError(
                "invalid_grant", 70000, "The provided authorization code is invalid."
            )
        self._codes[code] = replace(kept, redeemed=True)
        if kept.redeemed:
            detail = "OAuth2 Authorization code was already redeemed."
            raise RefusedError("invalid_grant", 54005, detail)
        if kept.until <= self.clock():
            raise RefusedError("invalid_grant", 70008, "The authorization code has expired.")
        if kept.grant.client_id != client_id:
            detail = "The code was issued to another application."
            raise RefusedError("invalid_grant", 700005, detail)
        if kept.grant.redirect_uri != redirect_uri:
            detail = "The reply address does not match the one of the authorization request."
            raise RefusedError("invalid_client", 500112, detail)
        if not hmac.compare_digest(challenge_of(verifier), kept.grant.challenge):
            detail = "The Code_Verifier does not match the code_challenge."
            raise RefusedError("invalid_grant", 501481, detail)
        return kept.grant

    def new_refresh_token(self, grant: Grant, until: float | None = None) -> str:
        """Return a new refresh token, which lasts until a time of the clock."""
        end = self.clock() + REFRESH_SECONDS if until is None else until
        return self._keep(self._refresh, _Kept(grant, end))

    def redeem_refresh_token(self, token: str, client_id: str) -> tuple[Grant, float]:
        """Return the grant of a refresh token, and until when the next one lasts.

        Raises:
            RefusedError: it is unknown, too old, redeemed already, or of another application.

        """
        kept = self._refresh.get(token)
        if kept is None or kept.grant.client_id != client_id:
            raise RefusedError("invalid_grant", 70000, "The provided refresh token is invalid.")
        self._refresh[token] = replace(kept, redeemed=True)
        if kept.redeemed:
            raise RefusedError("invalid_grant", 70000, "The refresh token was already redeemed.")
        if kept.until <= self.clock():
            raise RefusedError("invalid_grant", 700084, "The refresh token has expired.")
        return kept.grant, kept.until

    def _keep(self, place: dict[str, _Kept], kept: _Kept) -> str:
        now = self.clock()
        for old in [name for name, one in place.items() if one.until + CODE_SECONDS < now]:
            del place[old]
        name = secrets.token_urlsafe(32)
        place[name] = kept
        return name


def challenge_of(verifier: str) -> str:
    """Return the code challenge of a code verifier by the method S256 (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
