"""Who is calling: the one place that decides it."""

from __future__ import annotations

import re

import azure.functions as func

from qjobs.domain.errors import InvalidParameterError, Violation
from qjobs.domain.identifiers import owner_key

_HEADER = "x-caller-id"
_FORM = re.compile(r"[\x21-\x7e]{1,128}")
_KEY_HOLDER = "function-key"
"""The caller of requests that name none: whoever holds the key."""


def owner_of(req: func.HttpRequest) -> str:
    """Return the key under which the caller's jobs are kept.

    Every route that calls this is behind a function key, so whoever sets the header is trusted to
    speak for its callers, as a gateway is.

    Raises:
        InvalidParameterError: the header is not an identifier.

    """
    caller = req.headers.get(_HEADER, _KEY_HOLDER)
    if not _FORM.fullmatch(caller):
        detail = "Must be 1 to 128 printable ASCII characters without blanks."
        raise InvalidParameterError(violations=[Violation(detail, parameter="X-Caller-Id")])
    return owner_key(caller)
