"""Validation of the gateway's access token against the keys that its issuer publishes."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from qjobs.domain.errors import TransientError, UnauthenticatedError
from qjobs.settings import GatewayToken

_ALGORITHM = "RS256"
"""With which Entra ID signs; `none` and algorithms with a shared secret are refused."""
_REQUIRED = ("aud", "exp", "iss", "nbf", "oid")
_BEARER = re.compile(r"bearer +([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII | re.IGNORECASE)
_LARGEST = 16 * 1024
"""Characters of a header; the tokens of managed identities have some 2,000."""
_KEEP = 24 * 3600.0
"""Seconds after which the keys are read again, so that a withdrawn one is not trusted for long."""
_PAUSE = 60.0
"""Least seconds between two looks for unknown keys: anybody can make up the id of one."""
_RETRY = 5.0
"""Seconds until an issuer that did not answer is asked again."""
_PATIENCE = 5.0
"""Seconds that it has to answer."""
_SKEW = 60.0
"""Seconds by which its clock and this one may differ."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer of tokens, as its OpenID configuration describes it."""

    name: str
    """What its tokens have as `iss`."""
    keys: Mapping[str, jwt.PyJWK]
    """Its public keys by their ids."""


def read_issuer(metadata_url: str) -> Issuer:
    """Return the issuer that publishes its configuration at an address; blocks meanwhile.

    Raises:
        OSError: it does not answer.
        ValueError: what it answers is no configuration, or none with keys.

    """
    try:
        metadata = _get(metadata_url)
        found = jwt.PyJWKSet.from_dict(_get(metadata["jwks_uri"])).keys
        return Issuer(metadata["issuer"], {key.key_id: key for key in found if key.key_id})
    except (LookupError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise ValueError("it is not the OpenID configuration of an issuer") from error


def _get(url: str) -> Any:  # noqa: ANN401 - JSON
    # The address is a setting, which has been checked, or is from the document there.
    with urllib.request.urlopen(url, timeout=_PATIENCE) as response:  # noqa: S310 - see above
        return json.load(response)


@dataclass(slots=True)
class GatewayTokenCheck:
    """Checks that a request brings a token of the gateway's identity.

    All refusals are the same to the sender. Neither they nor the log have anything of the token.
    """

    token: GatewayToken
    principal_id: str
    """The object id of the gateway's identity."""
    read: Callable[[str], Issuer] = read_issuer
    now: Callable[[], float] = time.monotonic
    _issuer: Issuer | None = None
    _read_at: float = 0.0
    _next_read: float = 0.0
    _unreachable: bool = False
    """Whether the last attempt to read failed."""
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, authorization: str) -> None:
        """Check the value of the header Authorization.

        Raises:
            UnauthenticatedError: it is no valid token of the gateway's identity.
            TransientError: the issuer does not answer, so that nobody can tell.

        """
        given = _BEARER.fullmatch(authorization) if len(authorization) <= _LARGEST else None
        try:
            if given is None:
                raise jwt.DecodeError
            header = jwt.get_unverified_header(given[1])
            if header["alg"] != _ALGORITHM:
                raise jwt.InvalidAlgorithmError
            issuer = await self._issuer_with(header["kid"])
            claims = jwt.decode(
                given[1],
                issuer.keys[header["kid"]],
                algorithms=[_ALGORITHM],
                audience=self.token.audience,
                issuer=issuer.name,
                leeway=_SKEW,
                options={"require": list(_REQUIRED), "strict_aud": True},
            )
        except (jwt.PyJWTError, LookupError, RecursionError) as error:
            raise _refused(type(error).__name__) from None
        if not hmac.compare_digest(str(claims["oid"]).encode(), self.principal_id.encode()):
            raise _refused("AnotherIdentity")

    async def _issuer_with(self, key_id: str) -> Issuer:
        """Return the issuer, read anew if it should have that key and has not."""
        if self._is_due(key_id):
            async with self._reading:
                if self._is_due(key_id):  # nobody has read it while this waited
                    await self._read()
        if (
            self._issuer is None
            or self._is_old()
            or (self._unreachable and key_id not in self._issuer.keys)
        ):
            again = self._next_read - self.now()
            raise TransientError("The sender cannot be authenticated at the moment.", again)
        return self._issuer

    def _is_due(self, key_id: str) -> bool:
        missing = self._issuer is None or key_id not in self._issuer.keys
        return (missing or self._is_old()) and self.now() >= self._next_read

    def _is_old(self) -> bool:
        return self.now() - self._read_at > _KEEP

    async def _read(self) -> None:
        url = self.token.metadata_url
        try:
            self._issuer = await asyncio.to_thread(self.read, url)
        except (OSError, ValueError):
            _log.exception("Cannot read %s.", url, extra={"action": "issuer_unreachable"})
            self._unreachable = True
        else:
            self._read_at, self._unreachable = self.now(), False
        self._next_read = self.now() + (_RETRY if self._unreachable else _PAUSE)


def _refused(reason: str) -> UnauthenticatedError:
    _log.warning("A sender is refused: %s.", reason, extra={"action": "sender_refused"})
    return UnauthenticatedError("Only the gateway may call.")
