"""Validates access tokens against the metadata that their issuer publishes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt

ALGORITHMS = ("RS256",)
"""With which Entra ID signs; `none` and algorithms with a shared secret are refused."""
_KEEP = 3600
"""Seconds after which metadata is fetched again."""
_PATIENCE = aiohttp.ClientTimeout(total=5)


class TokenError(Exception):
    """The token is not valid; `reason` is the error reason that API Management gives."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


_REASONS: Mapping[type[jwt.InvalidTokenError], tuple[str, str]] = {
    jwt.ExpiredSignatureError: ("TokenExpired", "it has expired."),
    jwt.ImmatureSignatureError: ("TokenNotYetValid", "it is not valid yet."),
    jwt.InvalidAudienceError: ("TokenAudienceNotAllowed", "it is for another audience."),
    jwt.InvalidIssuerError: ("TokenIssuerNotAllowed", "it is of another issuer."),
    jwt.InvalidSignatureError: ("TokenSignatureInvalid", "its signature is not valid."),
    jwt.InvalidAlgorithmError: ("TokenSignatureInvalid", "it is not signed as it should be."),
    jwt.MissingRequiredClaimError: ("TokenClaimNotFound", "a claim is missing."),
}


@dataclass(slots=True)
class _Metadata:
    """The OpenID metadata of an issuer: its name and its signing keys."""

    issuer: str
    keys: Mapping[str, jwt.PyJWK]
    fetched_at: float


@dataclass(slots=True)
class TokenValidator:
    """Validates tokens of the issuers behind some metadata addresses, for some audiences."""

    metadata_urls: Sequence[str]
    audiences: Sequence[str]
    retry: float = 10.0
    """Least seconds between two fetches because of an unknown key."""
    _known: dict[str, _Metadata] = field(default_factory=dict)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def validate(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a valid token.

        Raises:
            TokenError: it is not valid, or the issuer's metadata cannot be had.

        """
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise TokenError("TokenSignatureInvalid", "it is no JSON Web Token.") from error
        keys = await self._keys(header.get("kid"))
        if not keys:
            raise TokenError("TokenSignatureInvalid", "it is signed with an unknown key.")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                next(iter(keys.values())),
                algorithms=ALGORITHMS,
                audience=list(self.audiences),
                issuer=list(keys),
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            found = (reason for kind, reason in _REASONS.items() if isinstance(error, kind))
            raise TokenError(*next(found, ("TokenSignatureInvalid", "it is not valid."))) from error
        return claims

    async def _keys(self, key_id: object) -> dict[str, jwt.PyJWK]:
        """Return the key of that id, by the issuers that publish it."""
        for url in self.metadata_urls:
            if self._stale(url, key_id):
                async with self._fetching:
                    if self._stale(url, key_id):  # nobody has fetched it while this waited
                        self._known[url] = await _fetch(url)
        return {
            known.issuer: known.keys[key_id]
            for known in self._known.values()
            if isinstance(key_id, str) and key_id in known.keys
        }

    def _stale(self, url: str, key_id: object) -> bool:
        known = self._known.get(url)
        if known is None:
            return True
        age = time.monotonic() - known.fetched_at
        return age > (_KEEP if key_id in known.keys else self.retry)


async def _fetch(url: str) -> _Metadata:
    try:
        async with aiohttp.ClientSession(raise_for_status=True, timeout=_PATIENCE) as client:
            async with client.get(url) as answer:
                document = await answer.json()
            async with client.get(document["jwks_uri"]) as answer:
                keys = jwt.PyJWKSet.from_dict(await answer.json())
        issuer = str(document["issuer"])
    except (aiohttp.ClientError, TimeoutError, LookupError, TypeError, ValueError) as error:
        raise TokenError("TokenSignatureInvalid", "its issuer does not answer.") from error
    except jwt.PyJWTError as error:
        raise TokenError("TokenSignatureInvalid", "its issuer has no keys.") from error
    by_id = {key.key_id: key for key in keys.keys if key.key_id is not None}
    return _Metadata(issuer, by_id, time.monotonic())
