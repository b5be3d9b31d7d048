"""Authentication of the sender of a request, and the identity of the caller behind it.

Deployed, the sender is the gateway, which names the caller in `X-Caller-Id`. It is known by what
the platform says of it or, where the platform may not be in front, by its own access token. Without
a gateway the sender is the holder of a function key, for development.
"""

from __future__ import annotations

import hmac
import re
from functools import cache
from typing import TYPE_CHECKING

import azure.functions as func

from qjobs.bootstrap import gateway_trust
from qjobs.domain.errors import InvalidParameterError, UnauthenticatedError
from qjobs.domain.identifiers import owner_key

if TYPE_CHECKING:
    from qjobs.adapters.gateway_token import GatewayTokenCheck
    from qjobs.settings import GatewayToken

_PRINCIPAL = "x-ms-client-principal-id"
"""Set by the platform's authentication, which removes a header of this name from clients."""
_HEADER = "x-caller-id"
_LACKS = "x-caller-lacks"
_FORM = re.compile(r"[\x21-\x7e]{1,128}")
_KEY_HOLDER = "function-key"
"""The caller of requests that name none: the holder of the function key."""


def auth_level() -> func.AuthLevel:
    """Return the access level of the routes: a function key, unless the gateway has an identity."""
    return func.AuthLevel.ANONYMOUS if gateway_trust().principal_id else func.AuthLevel.FUNCTION


async def check_sender(req: func.HttpRequest) -> None:
    """Check that a request was sent by the gateway, or with a key where there is no gateway.

    Raises:
        UnauthenticatedError: it is not from the gateway, or the platform cannot tell.
        TransientError: the issuer of the gateway's token does not answer.

    """
    trust = gateway_trust()
    if trust.principal_id is None:
        return  # the host has checked a key
    if trust.token is not None:
        # Who has no such token is nobody, whatever the headers of the platform say.
        await _token_check(trust.token, trust.principal_id)(req.headers.get("authorization", ""))
        return
    if not trust.platform_authentication:
        raise UnauthenticatedError("The platform does not authenticate callers here.")
    sender = req.headers.get(_PRINCIPAL, "")
    if not hmac.compare_digest(sender.encode(), trust.principal_id.encode()):
        raise UnauthenticatedError("Only the gateway may call.")


@cache
def _token_check(token: GatewayToken, principal_id: str) -> GatewayTokenCheck:
    """Return the one check of these settings, which keeps the keys of the issuer."""
    from qjobs.adapters.gateway_token import (  # noqa: PLC0415 - slow, and only where it is set
        GatewayTokenCheck,
    )

    return GatewayTokenCheck(token, principal_id)


def owner_of(req: func.HttpRequest) -> str:
    """Return the key under which the caller's jobs are kept.

    The sender, which `check_sender` has let through, is trusted to name its callers.

    Raises:
        InvalidParameterError: the header is not an identifier.
        UnauthenticatedError: the gateway does not say for whom it calls.

    """
    caller: str | None = req.headers.get(_HEADER)
    if caller is None and gateway_trust().principal_id is not None:
        raise UnauthenticatedError("The gateway does not say for whom it calls.")
    caller = _KEY_HOLDER if caller is None else caller
    if not _FORM.fullmatch(caller):
        detail = "Must be 1 to 128 printable ASCII characters without blanks."
        raise InvalidParameterError.of(detail, parameter="X-Caller-Id")
    return owner_key(caller)


def lacking_scope(req: func.HttpRequest) -> str | None:
    """Return the scope that hardware needs and the caller lacks; None if there is none.

    Only the gateway knows the token; it removes what a client says of this.
    """
    scope: str | None = req.headers.get(_LACKS)
    return scope
