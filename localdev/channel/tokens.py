"""Tokens of clients and of services: signed with the access key, or by the tenant."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt

from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator

AUDIENCE = "https://webpubsub.azure.com"
"""Of the tokens with which the tenant lets services in."""
_ALGORITHM = "HS256"


class RefusedError(Exception):
    """The request is refused, with the status of its response."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        self.status = status
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class AccessKey:
    """The access key of the resource, which signs tokens of clients."""

    key: str

    def sign(self, audience: str, user: str | None, minutes: int) -> str:
        """Return the token with which a client connects.

        Args:
            audience: address of the hub
            user: id of the user, if the client is anybody's
            minutes: until it expires

        """
        now = int(time.time())
        claims: dict[str, Any] = {"aud": audience, "iat": now, "exp": now + 60 * minutes}
        if user is not None:
            claims["sub"] = user
        return jwt.encode(claims, self.key, algorithm=_ALGORITHM)

    def check(self, token: str, host: str, path: str) -> Mapping[str, Any]:
        """Return the claims of a token for an address.

        Raises:
            RefusedError: it was not signed with the key, has expired, or is for another address.

        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.key,
                algorithms=[_ALGORITHM],
                options={"require": ["exp", "aud"], "verify_aud": False},
            )
        except jwt.InvalidTokenError as error:
            raise RefusedError(HTTPStatus.UNAUTHORIZED, str(error)) from error
        # With percent-encoding and query on the one side, without on the other.
        audience = urlsplit(str(claims["aud"]))
        if (audience.netloc, unquote(audience.path)) != (host, unquote(path)):
            raise RefusedError(HTTPStatus.FORBIDDEN, "The token is for another address.")
        return claims


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """Services that sign their requests with the access key."""

    key: AccessKey

    async def check(self, token: str, host: str, path: str) -> None:
        """Check the token of a request for an address.

        Raises:
            RefusedError: it is not valid there.

        """
        self.key.check(token, host, path)


@dataclass(frozen=True, slots=True)
class ServiceIdentity:
    """Services with the role Web PubSub Service Owner, known by tokens of the tenant."""

    validator: TokenValidator
    owners: Collection[str]
    """Object ids of those with the role."""

    async def check(self, token: str, _host: str, _path: str) -> None:
        """Check the token of a request.

        Raises:
            RefusedError: it is not valid, or its holder does not have the role.

        """
        try:
            claims = await self.validator.validate(token)
        except TokenError as error:
            raise RefusedError(HTTPStatus.UNAUTHORIZED, str(error)) from error
        if claims.get("oid") not in self.owners:
            raise RefusedError(
                HTTPStatus.FORBIDDEN, "The role Web PubSub Service Owner is missing."
            )
