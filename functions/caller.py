"""Who is calling: the one place that decides it.

Deployed, that is the gateway, which the platform has authenticated and which says for whom it
calls. Without a gateway it is whoever holds a function key, for development.
"""

from __future__ import annotations

import hmac
import re

import azure.functions as func

from qjobs.bootstrap import gateway_trust
from qjobs.domain.errors import InvalidParameterError, UnauthenticatedError, Violation
from qjobs.domain.identifiers import owner_key

_PRINCIPAL = "x-ms-client-principal-id"
"""Set by the platform's authentication, which removes what a client sends under this name."""
_HEADER = "x-caller-id"
_FORM = re.compile(r"[\x21-\x7e]{1,128}")
_KEY_HOLDER = "function-key"
"""The caller of requests that name none: whoever holds the key."""


def auth_level() -> func.AuthLevel:
    """Return what requests have to carry: a function key, unless the gateway has its identity."""
    return func.AuthLevel.ANONYMOUS if gateway_trust().principal_id else func.AuthLevel.FUNCTION


def check_sender(req: func.HttpRequest) -> None:
    """Check that a request comes from where it may come from.

    Raises:
        UnauthenticatedError: it is not from the gateway, or the platform cannot tell.

    """
    trust = gateway_trust()
    if trust.principal_id is None:
        return  # the host has checked a key
    if not trust.platform_authentication:
        raise UnauthenticatedError("The platform does not authenticate callers here.")
    sender = req.headers.get(_PRINCIPAL, "")
    if not hmac.compare_digest(sender.encode(), trust.principal_id.encode()):
        raise UnauthenticatedError("Only the gateway may call.")


def owner_of(req: func.HttpRequest) -> str:
    """Return the key under which the caller's jobs are kept.

    Whoever gets as far as this is trusted to speak for its callers: the gateway, or the holder of
    a function key.

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
        raise InvalidParameterError(violations=[Violation(detail, parameter="X-Caller-Id")])
    return owner_key(caller)
