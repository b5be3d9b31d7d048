"""Continuation tokens: the marker of the next page in storage, bound to the list that it continues.

A token is a digest with the marker. The digest is of the marker, the owner and the filter, so that
any other text, an edited token, and a token of another caller or another filter are refused before
storage is asked.

It takes no key, which all instances of every deployment would have to share. A caller who computes
a digest of their own gains nothing: the listing is of their own jobs whatever the marker, and a
marker is printable, which storage answers at once, at worst with a refusal.
"""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256

from qjobs.domain.errors import InvalidParameterError
from qjobs.ports import JobFilter

_DIGEST = 16
"""Bytes of the digest that a token has."""
_MARKER = re.compile(r"[\x20-\x7e]{1,2000}")


def unknown_continuation() -> InvalidParameterError:
    """Return the error for a continuation token that no earlier call gave out."""
    detail = "Is not from an earlier page of this list; begin without it."
    return InvalidParameterError.of(detail, parameter="continuationToken")


def token_of(marker: str, owner: str, wanted: JobFilter) -> str:
    """Return the token for the page of a list that begins at *marker*."""
    bound = json.dumps([owner, wanted.status, wanted.algorithm, wanted.tag, marker])
    digest = sha256(bound.encode()).digest()[:_DIGEST]
    return base64.urlsafe_b64encode(digest + marker.encode()).decode().rstrip("=")


def marker_of(token: str, owner: str, wanted: JobFilter) -> str:
    """Return the marker at which the page of a token begins.

    Raises:
        InvalidParameterError: the token was not given out for this list.

    """
    try:
        padded = token + "=" * (-len(token) % 4)
        marker = base64.b64decode(padded, altchars=b"-_", validate=True)[_DIGEST:].decode()
    except ValueError as error:
        raise unknown_continuation() from error
    if not _MARKER.fullmatch(marker) or token_of(marker, owner, wanted) != token:
        raise unknown_continuation()
    return marker
